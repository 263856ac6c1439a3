import { Pkcs11UriError } from './pkcs11-uri.js';

/**
 * The octets of a value: `%` and two hexadecimal digits are one, everything else is UTF-8.
 *
 * @throws Pkcs11UriError when a `%` is not followed by two hexadecimal digits
 * @see RFC 3986 §2.1
 */
export function percentDecode(value: string, name: string): Uint8Array {
  if (/%(?![0-9A-Fa-f]{2})/.test(value))
    throw new Pkcs11UriError(`has a \`%\` in \`${name}\` without two hexadecimal digits; write %25 for it`);
  const octets: number[] = [];
  for (const [piece] of value.matchAll(/%[0-9A-Fa-f]{2}|[^%]+/g)) {
    if (piece.startsWith('%')) octets.push(Number.parseInt(piece.slice(1), 16));
    else octets.push(...new TextEncoder().encode(piece));
  }
  return Uint8Array.from(octets);
}

/**
 * The same as text.
 *
 * @throws Pkcs11UriError also when the octets are not UTF-8, or hold a zero
 */
export function percentDecodeText(value: string, name: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(percentDecode(value, name));
  } catch (error) {
    if (error instanceof Pkcs11UriError) throw error;
    throw new Pkcs11UriError(`has a \`${name}\` that is not UTF-8`);
  }
  if (text.includes('\0')) throw new Pkcs11UriError(`has a zero in \`${name}\``);
  return text;
}
