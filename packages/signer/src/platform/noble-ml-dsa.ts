import type { SigningKey } from '../identity/signing-key.js';
import { type MlDsaPrivateKey, readMlDsaPublicKey, writeMlDsaPublicKey } from './ml-dsa.js';
import type { MlDsaLibrary } from './ml-dsa-library.js';
import type { KeyFault, SignatureCheck } from './platform.js';

/**
 * A signing key of ML-DSA where the runtime has none, by a library. Deterministic, as AWS's helper signs.
 *
 * @see FIPS 204 §5.2 (the context is empty)
 */
export async function nobleSigningKey(
  key: MlDsaPrivateKey,
  library: MlDsaLibrary,
): Promise<SigningKey | KeyFault> {
  const mlDsa = await library(key.set.name);
  if ('fault' in mlDsa) return mlDsa;
  const made = key.seed && (await mlDsa.keygen(key.seed));
  const secretKey = made?.secretKey ?? key.expandedKey;
  if (secretKey === undefined) throw new RangeError('neither a seed nor a private key');
  if (made && key.expandedKey && !isSame(made.secretKey, key.expandedKey))
    return { fault: 'PRIVATE_KEY_INVALID', detail: 'is damaged: its seed gives another key than it holds.' };
  const publicKey = made?.publicKey ?? (await mlDsa.getPublicKey(secretKey));
  return {
    algorithm: 'AWS4-X509-MLDSA',
    publicKey: writeMlDsaPublicKey(key.algorithm, publicKey),
    sign: (message) => mlDsa.sign(message, secretKey),
  };
}

/** Verifies by a library; false when it is not there. */
export async function verifyByNoble(
  { publicKey, message, signature }: SignatureCheck,
  library: MlDsaLibrary,
): Promise<boolean> {
  const read = readMlDsaPublicKey(publicKey);
  const mlDsa = read && (await library(read.set.name));
  if (read === undefined || mlDsa === undefined || 'fault' in mlDsa) return false;
  return mlDsa.verify(signature, message, read.key);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
