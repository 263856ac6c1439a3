import { createPublicKey, verify } from 'node:crypto';
import { loadMlDsaVerifier } from './load-ml-dsa-verifier.js';

/** Octets of the public key, which is what tells the parameter sets apart here. @see FIPS 204 table 2 */
const PARAMETER_SETS = [
  { parameterSet: 44, publicKeyOctets: 1312, signatureOctets: 2420 },
  { parameterSet: 65, publicKeyOctets: 1952, signatureOctets: 3309 },
  { parameterSet: 87, publicKeyOctets: 2592, signatureOctets: 4627 },
] as const;

/** In front of the key in a SubjectPublicKeyInfo of ML-DSA: sequence, algorithm, bit string. @see RFC 9881 section 4 */
const HEADER_OCTETS = 22;

/**
 * Verifies a pure ML-DSA signature with an empty context: by `node:crypto` where it can (24.6 and newer), else by
 * `@noble/post-quantum`.
 *
 * @param spki - DER SubjectPublicKeyInfo
 * @throws Error when neither is there
 * @see FIPS 204 section 5.3
 */
export async function verifyMlDsa(
  signature: Uint8Array,
  message: Uint8Array,
  spki: Uint8Array,
): Promise<boolean> {
  const set = PARAMETER_SETS.find(({ publicKeyOctets }) => spki.length === publicKeyOctets + HEADER_OCTETS);
  if (set === undefined || signature.length !== set.signatureOctets) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    // An OpenSSL without ML-DSA, or one whose Node.js cannot reach it.
  }
  const verifier = await loadMlDsaVerifier();
  if (verifier === undefined) {
    throw new Error('ML-DSA needs Node.js 24.6 or newer here, or: npm install @noble/post-quantum');
  }
  const { parameterSet } = set;
  return verifier({ parameterSet, publicKey: spki.subarray(HEADER_OCTETS), message, signature });
}
