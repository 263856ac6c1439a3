import { TAG, readDerSequence, writeDer } from '../x509/der.js';

/**
 * An ECDSA signature as WebCrypto makes it (r and s of equal length, one after the other) in the DER form that the
 * service wants.
 *
 * @see RFC 3279 §2.2.3 (Ecdsa-Sig-Value), Web Cryptography API §23.7.1
 */
export function ecdsaRawToDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return writeDer(TAG.sequence, unsignedInteger(raw.subarray(0, half)), unsignedInteger(raw.subarray(half)));
}

/** The reverse; undefined when the bytes are not such a DER encoding, or a number does not fit into `size` octets. */
export function ecdsaDerToRaw(der: Uint8Array, size: number): Uint8Array | undefined {
  const raw = new Uint8Array(size * 2);
  try {
    const numbers = readDerSequence(der);
    if (numbers.length !== 2 || numbers.some((number) => number.tag !== TAG.integer)) return undefined;
    for (const [index, { content }] of numbers.entries()) {
      const magnitude = content.subarray(content[0] === 0 ? 1 : 0);
      if (magnitude.length > size) return undefined;
      raw.set(magnitude, (index + 1) * size - magnitude.length);
    }
  } catch {
    return undefined;
  }
  return raw;
}

/** Leading zero octets go, and one comes back where the number would read as negative (X.690 §8.3). */
function unsignedInteger(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((octet) => octet !== 0);
  const digits = first < 0 ? new Uint8Array(1) : magnitude.subarray(first);
  const sign = ((digits[0] ?? 0) & 0x80) === 0 ? [] : [new Uint8Array(1)];
  return writeDer(TAG.integer, ...sign, digits);
}
