import { IdentityError, type SigningAlgorithm } from '@rolesanywhere/signer';
import { ALGORITHM, ATTRIBUTE, DIGEST_OCTETS } from '../tpm/constants.js';
import type { PublicArea } from '../tpm/public-area.js';
import { CURVES, subjectPublicKey } from './subject-public-key.js';

/** How a key signs, decided by its public area. */
export interface SigningPlan {
  readonly algorithm: SigningAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly scheme: number;
  readonly hash: number;
  /** Octets of the modulus, or of the order of the curve. */
  readonly octets: number;
}

/** Why a key cannot sign, by its attributes. */
const REASONS: readonly (readonly [isSo: (attributes: number) => boolean, reason: string])[] = [
  [(set) => (set & ATTRIBUTE.sign) === 0, 'it is not a signing key (no attribute `sign`)'],
  [
    (set) => (set & ATTRIBUTE.restricted) !== 0,
    'it is restricted: it signs only what the TPM itself made or hashed',
  ],
  [(set) => (set & ATTRIBUTE.x509Sign) !== 0, 'it only signs certificates (attribute `x509sign`)'],
  [
    (set) => (set & ATTRIBUTE.userWithAuth) === 0,
    'it is used by a policy, not by a password (no attribute `userwithauth`)',
  ],
];

/**
 * Decides how a key signs with SHA-256.
 *
 * @param publicArea - undefined for an object that is neither RSA nor elliptic curve
 * @param label - the key, for messages
 * @throws IdentityError `KEY_UNSUPPORTED` with the reason, `PRIVATE_KEY_INVALID` for numbers that are no key
 */
export function judgeKey(publicArea: PublicArea | undefined, label: string): SigningPlan {
  const reason =
    publicArea === undefined ? 'it is neither an RSA nor an elliptic curve key' : refusalOf(publicArea);
  if (publicArea === undefined || reason !== undefined) {
    const message = `The key ${label} cannot be used: ${reason}. Make a key that may sign, RSA or ECC P-256, P-384 or P-521.`;
    throw new IdentityError({ code: 'KEY_UNSUPPORTED', message });
  }
  const { key, schemeHash } = publicArea;
  const publicKey = publicKeyOf(publicArea, label);
  if (key.type === 'RSA') {
    const octets = key.modulus.length;
    const { rsassa: scheme, sha256: hash } = ALGORITHM;
    return { algorithm: 'AWS4-X509-RSA-SHA256', publicKey, scheme, hash, octets };
  }
  return {
    algorithm: 'AWS4-X509-ECDSA-SHA256',
    publicKey,
    scheme: ALGORITHM.ecdsa,
    hash: schemeHash === ALGORITHM.null ? ALGORITHM.sha256 : schemeHash,
    octets: CURVES[key.curve]?.octets ?? 0,
  };
}

/**
 * The SHA-256 digest in the size that the hash of the key's scheme has. ECDSA takes the first octets of a digest, as many as
 * its curve has, as a number: zeros in front of them do not change it, nor does what comes after.
 *
 * @see FIPS 186-5 §6.4.1
 */
export function digestFor({ hash, octets, scheme }: SigningPlan, sha256: Uint8Array): Uint8Array {
  const wanted = DIGEST_OCTETS[hash] ?? sha256.length;
  if (scheme === ALGORITHM.rsassa || wanted === sha256.length) return sha256;
  const used = Math.min(wanted, Math.max(octets, sha256.length));
  const digest = Buffer.alloc(wanted);
  digest.set(sha256, used - sha256.length);
  return digest;
}

function refusalOf({ attributes, scheme, schemeHash, key }: PublicArea): string | undefined {
  const [, reason] = REASONS.find(([isSo]) => isSo(attributes)) ?? [];
  if (reason !== undefined) return reason;
  const isFree = scheme === ALGORITHM.null;
  if (key.type === 'RSA') {
    const isRight = scheme === ALGORITHM.rsassa && schemeHash === ALGORITHM.sha256;
    return isFree || isRight ? undefined : 'it is bound to another scheme than RSASSA with SHA-256';
  }
  if (CURVES[key.curve] === undefined) return `its curve (${key.curve}) is not one of IAM Roles Anywhere`;
  if (isFree) return undefined;
  if (scheme !== ALGORITHM.ecdsa) return 'it is bound to another scheme than ECDSA';
  return (DIGEST_OCTETS[schemeHash] ?? 0) >= 32
    ? undefined
    : 'it is bound to another hash than SHA-256, SHA-384 or SHA-512';
}

function publicKeyOf({ key }: PublicArea, label: string): Uint8Array {
  try {
    return subjectPublicKey(key);
  } catch (cause) {
    const message = `The public part of the key ${label} is not that of a key. Restore the file, or make a new key.`;
    throw new IdentityError({ code: 'PRIVATE_KEY_INVALID', message, cause });
  }
}
