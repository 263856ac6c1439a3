import { ALGORITHM } from '../tpm/constants.js';
import { createReader } from '../tpm/reader.js';

/**
 * The signature of a `TPMT_SIGNATURE` in the form that the service wants: the bare number for RSA, DER for ECDSA.
 *
 * @param octets - of the modulus, or of the order of the curve
 * @throws RangeError when the bytes are not a signature of that scheme and size
 * @see TPM 2.0 Library Part 2 §11.3.4; RFC 3279 §2.2.3 (Ecdsa-Sig-Value)
 */
export function readSignature(bytes: Uint8Array, scheme: number, octets: number): Uint8Array {
  const reader = createReader(bytes);
  if (reader.u16() !== scheme) throw new RangeError('a signature of another scheme');
  reader.u16();
  const first = reader.sized();
  const second = scheme === ALGORITHM.ecdsa ? reader.sized() : undefined;
  reader.end();
  if (second === undefined) return Uint8Array.from(exactly(octets, first));
  const numbers = Buffer.concat([integer(first, octets), integer(second, octets)]);
  return Buffer.concat([header(0x30, numbers.length), numbers]);
}

function exactly(octets: number, signature: Uint8Array): Uint8Array {
  if (signature.length !== octets) throw new RangeError('a signature of the wrong length');
  return signature;
}

/** Without zeros at the beginning, but with one where the number would read as negative (X.690 §8.3). */
function integer(magnitude: Uint8Array, octets: number): Uint8Array {
  const first = magnitude.findIndex((octet) => octet !== 0);
  if (first < 0 || magnitude.length > octets)
    throw new RangeError('a number of the signature is out of range');
  const digits = magnitude.subarray(first);
  const sign = (digits[0] ?? 0) & 0x80 ? Buffer.of(0) : Buffer.alloc(0);
  return Buffer.concat([header(0x02, sign.length + digits.length), sign, digits]);
}

/** The longest is that of P-521, with two octets of length. */
function header(tag: number, length: number): Uint8Array {
  return length < 0x80 ? Buffer.of(tag, length) : Buffer.of(tag, 0x81, length);
}
