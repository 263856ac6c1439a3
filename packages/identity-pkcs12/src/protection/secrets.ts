/** One passphrase as the two key derivations take it. */
export interface Secret {
  /** For the derivation of PKCS#12: BMPString with a terminator. */
  readonly bmp: Uint8Array;
  /** For PBKDF2 and scrypt. */
  readonly octets: Uint8Array;
}

const TERMINATOR = Uint8Array.of(0, 0);
const NONE = new Uint8Array();

/**
 * What a passphrase may have been turned into by the program that wrote the file, the right way first. None of these asks
 * for the passphrase again: it is one passphrase in the spellings of several programs.
 *
 * - An empty one is two zero octets or nothing at all; both are in use.
 * - OpenSSL before 1.1.0, and any in a locale that is not UTF-8, widens each octet of a passphrase that is not ASCII.
 * - Some programs take the BMPString for PBES2, too.
 *
 * @see RFC 7292 §B.1 (BMPString), RFC 8018 §3 (octets), OpenSSL passphrase-encoding(7)
 */
export function secretsOf(passphrase: string): readonly Secret[] {
  const octets = Buffer.from(passphrase, 'utf8');
  const bmp = wideOctets(Buffer.from(passphrase, 'utf16le').swap16());
  if (passphrase === '')
    return [
      { bmp, octets },
      { bmp: NONE, octets },
    ];
  const forms = [
    { bmp, octets },
    { bmp, octets: bmp },
  ];
  return octets.length === passphrase.length
    ? forms
    : [...forms, { bmp: wideOctets(widened(octets)), octets }];
}

function widened(octets: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: octets.length * 2 }, (_, at) =>
    at % 2 === 0 ? 0 : (octets[(at - 1) / 2] ?? 0),
  );
}

function wideOctets(text: Uint8Array): Uint8Array {
  return Buffer.concat([text, TERMINATOR]);
}
