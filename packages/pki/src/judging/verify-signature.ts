import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { CertificatePublicKey, SignatureAlgorithm } from '../certificate/certificate.js';
import { readBitOctets, readSequence } from '../der/der-values.js';
import { readDer } from '../der/read-der.js';

/** `unsupported`: this runtime cannot tell. */
export type SignatureCheck = 'valid' | 'invalid' | 'unsupported';

/** A signature of ML-DSA, with an empty context. @see FIPS 204 §5.3, RFC 9881 §3 */
export interface MlDsaSignature {
  readonly parameterSet: 44 | 65 | 87;
  /** The key itself, without its SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Verifies ML-DSA in place of a `node:crypto` that cannot (Node.js before 24.6). */
export type MlDsaVerifier = (signature: MlDsaSignature) => boolean;

/** A certificate or a revocation list. */
export interface SignedDocument {
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
}

/**
 * Verifies with `node:crypto`, and ML-DSA with the given verifier where `node:crypto` has none; never throws.
 *
 * @see RFC 5280 §6.1.3 (a)(1)
 */
export function verifySignature(
  document: SignedDocument,
  publicKey: CertificatePublicKey,
  verifyMlDsa?: MlDsaVerifier,
): SignatureCheck {
  const check = verifyByNode(document, publicKey);
  if (check !== 'unsupported' || verifyMlDsa === undefined) return check;
  return verifyByVerifier(document, publicKey, verifyMlDsa);
}

function verifyByNode(document: SignedDocument, publicKey: CertificatePublicKey): SignatureCheck {
  const { signatureAlgorithm: algorithm, tbs, signature } = document;
  const keyType = keyTypeOf(algorithm);
  if (keyType === undefined) return 'unsupported';
  if (!keyType.accepts(publicKey)) return 'invalid';
  const key = loadKey(publicKey);
  if (key === undefined) return publicKey.algorithm === 'ML-DSA' ? 'unsupported' : 'invalid';
  try {
    const digest = algorithm.hash?.replace('-', '');
    return verify(digest, tbs, { key, ...paddingOf(algorithm) }, signature) ? 'valid' : 'invalid';
  } catch {
    // A hash that this build of OpenSSL has switched off, or a malformed point or modulus.
    return 'unsupported';
  }
}

function verifyByVerifier(
  { signatureAlgorithm, tbs, signature }: SignedDocument,
  publicKey: CertificatePublicKey,
  verifyMlDsa: MlDsaVerifier,
): SignatureCheck {
  const parameterSet = ([44, 65, 87] as const).find((set) => signatureAlgorithm.name === `ML-DSA-${set}`);
  if (parameterSet === undefined) return 'unsupported';
  try {
    const [, bits] = readSequence(readDer(publicKey.spki, publicKey.spki.length), 'the public key');
    const key = readBitOctets(bits, 'the public key value');
    return verifyMlDsa({ parameterSet, publicKey: key, message: tbs, signature }) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

interface KeyType {
  accepts(publicKey: CertificatePublicKey): boolean;
}

function keyTypeOf({ name, oid, hash }: SignatureAlgorithm): KeyType | undefined {
  if (name.startsWith('RSA-PSS')) {
    return hash && { accepts: ({ algorithm }) => algorithm === 'RSA' || algorithm === 'RSA-PSS' };
  }
  if (name.startsWith('RSA-')) return { accepts: ({ algorithm }) => algorithm === 'RSA' };
  if (name.startsWith('ECDSA-'))
    return { accepts: ({ algorithm, curve }) => algorithm === 'EC' && curve !== undefined };
  if (name.startsWith('ML-DSA-') || name.startsWith('Ed')) return { accepts: (key) => key.oid === oid };
  return undefined;
}

function loadKey({ spki }: CertificatePublicKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function paddingOf({ name, saltLength }: SignatureAlgorithm) {
  if (!name.startsWith('RSA-PSS')) return {};
  return { padding: constants.RSA_PKCS1_PSS_PADDING, ...(saltLength === undefined ? {} : { saltLength }) };
}
