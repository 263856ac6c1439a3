import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';

import { isEcdsaDer } from './ecdsa-der.js';
import { verifyMlDsa } from './verify-ml-dsa.js';

/** A signature and what is needed to check it. */
export interface CertificateSignature {
  /** `AWS4-X509-RSA-SHA256`, `AWS4-X509-ECDSA-SHA256` or `AWS4-X509-MLDSA`. */
  readonly algorithm: string;
  /** The string to sign. */
  readonly message: string;
  /** Lower-case hex, as in the Authorization header. */
  readonly signature: string;
  /** DER SubjectPublicKeyInfo of the certificate. */
  readonly publicKey: Uint8Array;
}

type Verifier = (signature: Uint8Array, message: Uint8Array, key: KeyObject) => boolean;

const VERIFIERS: Readonly<Record<string, Verifier | undefined>> = {
  'AWS4-X509-RSA-SHA256': verifyRsa,
  'AWS4-X509-ECDSA-SHA256': verifyEcdsa,
};

/** Octets of a coordinate, by the name OpenSSL has for the curve. */
const COORDINATE_BYTES: Readonly<Record<string, number | undefined>> = {
  prime256v1: 32,
  secp384r1: 48,
  secp521r1: 66,
};

/**
 * Verifies an X.509 signature: RSASSA-PKCS1-v1_5 or ECDSA over the SHA-256 of the message, whatever the curve (P-256,
 * P-384, P-521), or ML-DSA over the message itself. An ECDSA signature must be strict DER; raw `r‖s` is refused. Whether
 * key and algorithm may be used at all (key size, certificate) is judged elsewhere.
 *
 * @returns false for any wrong, malformed or unknown input
 * @throws Error for ML-DSA where neither Node.js nor `@noble/post-quantum` can verify it
 * @see IAM Roles Anywhere User Guide, "IAM Roles Anywhere authentication signing process"; RFC 8017 section 8.2.2
 */
export async function verifyWithCertificate(input: CertificateSignature): Promise<boolean> {
  if (!/^(?:[0-9a-f]{2})+$/.test(input.signature)) return false;
  const signature = Buffer.from(input.signature, 'hex');
  const message = Buffer.from(input.message, 'utf8');
  if (input.algorithm === 'AWS4-X509-MLDSA') return verifyMlDsa(signature, message, input.publicKey);
  const verifier = Object.hasOwn(VERIFIERS, input.algorithm) ? VERIFIERS[input.algorithm] : undefined;
  if (!verifier) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(input.publicKey), format: 'der', type: 'spki' });
    return verifier(signature, message, key);
  } catch {
    return false;
  }
}

function verifyRsa(signature: Uint8Array, message: Uint8Array, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (signature.length !== Math.ceil(bits / 8)) return false;
  return verify('sha256', message, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
}

function verifyEcdsa(signature: Uint8Array, message: Uint8Array, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'ec') return false;
  const coordinateBytes = COORDINATE_BYTES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (coordinateBytes === undefined || !isEcdsaDer(signature, coordinateBytes)) return false;
  return verify('sha256', message, { key, dsaEncoding: 'der' }, signature);
}
