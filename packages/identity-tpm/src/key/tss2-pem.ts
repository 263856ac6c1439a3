import { IdentityError } from '@rolesanywhere/signer';
import { readDerSequence, readObjectIdentifier } from './der.js';

/** What other blocks are, and what to do with them. */
const FOREIGN: readonly (readonly [label: RegExp, advice: string])[] = [
  [/^TSS KEY BLOB$/, 'It holds a key of a TPM 1.2; a TPM 2.0 cannot use it.'],
  [
    /^TSS2 KEY BLOB$/,
    'It is of the form that came before TSS2 PRIVATE KEY: make the key anew, or load it with the tool that made it and give its persistent handle.',
  ],
  [/^(?:RSA |EC |ENCRYPTED )?PRIVATE KEY$/, 'It holds an ordinary private key: use fromPemFiles.'],
  [/ PRIVATE KEY$/, 'Its key has a form of another program: give a TSS2 PRIVATE KEY.'],
  [/CERTIFICATE/, 'It holds a certificate; `privateKey` names the key.'],
];

/** Arc of the key types: loadable, importable and sealed are below it. */
const KEY_TYPES = '2.23.133.10.1.';

/**
 * The DER of the first `TSS2 PRIVATE KEY` block in a text, or of a file that is that DER itself. Other blocks and text may
 * stand around it.
 *
 * @throws IdentityError `PRIVATE_KEY_INVALID`
 * @see RFC 7468 §2
 */
export function readTss2Pem(file: Uint8Array, label: string): Uint8Array {
  if (isTss2Der(file)) return file;
  const text = new TextDecoder('latin1').decode(file).replaceAll('\0', '');
  const [, base64] = /-----BEGIN TSS2 PRIVATE KEY-----([^-]*)-----END TSS2 PRIVATE KEY-----/.exec(text) ?? [];
  if (base64 !== undefined) return decodeBase64(base64, label);
  if (text.includes('-----BEGIN TSS2 PRIVATE KEY-----'))
    throw invalid(label, 'is cut off or damaged. Restore the file');
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,64})-----/g)].map(([, name]) => name ?? '');
  const [, advice] = FOREIGN.find(([pattern]) => labels.some((name) => pattern.test(name))) ?? [];
  const lack = file.length === 0 ? 'is empty' : 'holds no TSS2 PRIVATE KEY block';
  throw invalid(
    label,
    `${lack}. ${advice ?? 'Give a key file of a TPM 2.0, or `handle:` and a persistent handle'}`,
  );
}

function isTss2Der(file: Uint8Array): boolean {
  try {
    const [type] = readDerSequence(file);
    return type !== undefined && readObjectIdentifier(type.content).startsWith(KEY_TYPES);
  } catch {
    return false;
  }
}

function decodeBase64(base64: string, label: string): Uint8Array {
  const digits = base64.replaceAll(/\\[rn]|\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(digits) || digits.length % 4 !== 0)
    throw invalid(label, 'is not base64. Restore the file');
  return Buffer.from(digits, 'base64');
}

function invalid(label: string, what: string): IdentityError {
  const message = `The TPM key file ${label} ${what.replace(/\.?$/, '.')}`;
  return new IdentityError({ code: 'PRIVATE_KEY_INVALID', message });
}
