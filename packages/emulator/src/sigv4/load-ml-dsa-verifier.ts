import type { MlDsaVerifier } from '@rolesanywhere/pki';

/**
 * ML-DSA by `@noble/post-quantum`, for a Node.js that has none (before 24.6). The library is an optional peer, loaded for
 * such certificates only.
 *
 * @returns undefined when it is not installed
 */
export async function loadMlDsaVerifier(): Promise<MlDsaVerifier | undefined> {
  try {
    const { ml_dsa44, ml_dsa65, ml_dsa87 } = await import('@noble/post-quantum/ml-dsa.js');
    const sets = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 };
    return ({ parameterSet, publicKey, message, signature }) =>
      sets[parameterSet].verify(signature, message, publicKey);
  } catch {
    return undefined;
  }
}
