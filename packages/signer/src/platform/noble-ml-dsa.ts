import type { SigningKey } from '../identity/signing-key.js';
import { type MlDsaPrivateKey, type MlDsaSet, readMlDsaPublicKey, writeMlDsaPublicKey } from './ml-dsa.js';
import type { KeyFault, SignatureCheck } from './platform.js';

/** The part of `@noble/post-quantum` that is used. */
interface MlDsa {
  keygen(seed: Uint8Array): { readonly secretKey: Uint8Array; readonly publicKey: Uint8Array };
  getPublicKey(secretKey: Uint8Array): Uint8Array;
  sign(message: Uint8Array, secretKey: Uint8Array, options: { readonly extraEntropy: false }): Uint8Array;
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/**
 * A signing key of ML-DSA where the runtime has none, by `@noble/post-quantum`. Deterministic, as AWS's helper signs, and
 * on the event loop: 6 to 13 ms a signature. The library is an optional peer, loaded for such a key only.
 *
 * @see FIPS 204 §5.2 (the context is empty)
 */
export async function nobleSigningKey(key: MlDsaPrivateKey): Promise<SigningKey | KeyFault> {
  const mlDsa = await loadMlDsa(key.set);
  if ('fault' in mlDsa) return mlDsa;
  const made = key.seed && mlDsa.keygen(key.seed);
  const secretKey = made?.secretKey ?? key.expandedKey;
  if (secretKey === undefined) throw new RangeError('neither a seed nor a private key');
  if (made && key.expandedKey && !isSame(made.secretKey, key.expandedKey))
    return { fault: 'PRIVATE_KEY_INVALID', detail: 'is damaged: its seed gives another key than it holds.' };
  const publicKey = made?.publicKey ?? mlDsa.getPublicKey(secretKey);
  return {
    algorithm: 'AWS4-X509-MLDSA',
    publicKey: writeMlDsaPublicKey(key.algorithm, publicKey),
    sign: async (message) => mlDsa.sign(message, secretKey, { extraEntropy: false }),
  };
}

/** Verifies by `@noble/post-quantum`; false when it is not there. */
export async function verifyByNoble({ publicKey, message, signature }: SignatureCheck): Promise<boolean> {
  const read = readMlDsaPublicKey(publicKey);
  const mlDsa = read && (await loadMlDsa(read.set));
  if (read === undefined || mlDsa === undefined || 'fault' in mlDsa) return false;
  return mlDsa.verify(signature, message, read.key);
}

async function loadMlDsa(set: MlDsaSet): Promise<MlDsa | KeyFault> {
  try {
    const { ml_dsa44, ml_dsa65, ml_dsa87 } = await import('@noble/post-quantum/ml-dsa.js');
    return { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 }[set.name];
  } catch (cause) {
    return {
      fault: 'KEY_UNSUPPORTED',
      detail: `is an ${set.name} key, which this runtime has no signature for.`,
      remedy:
        'Install one beside this package: npm install @noble/post-quantum. Node from 24.6 on needs none.',
      cause,
    };
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
