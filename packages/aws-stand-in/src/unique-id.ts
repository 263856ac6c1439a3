import { createHash } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * An identifier in the form of IAM's unique ids, 20 or 21 characters, always the same for the same seed.
 *
 * @param prefix for example `AROA`
 */
export function uniqueId(prefix: string, seed: string): string {
  return prefix + base32(createHash('sha256').update(seed, 'utf8').digest().subarray(0, 17));
}

/** One character of the base-32 alphabet per byte. */
export function base32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 31)).join('');
}
