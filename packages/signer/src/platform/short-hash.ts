import type { KeyObject } from 'node:crypto';

/**
 * Whether `node:crypto` can use SHA-256 with this key. In Deno it cannot on P-521: the hash has less than half of the
 * curve's octets, and is not padded there as SEC 1 §4.1.3 has it. Deno's WebCrypto does so.
 */
export function takesShortHash(key: KeyObject): boolean {
  return !('Deno' in globalThis && key.asymmetricKeyDetails?.namedCurve === 'secp521r1');
}
