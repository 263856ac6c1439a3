import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { CertificatePublicKey, SignatureAlgorithm } from '../certificate/certificate.js';

/** `unsupported`: this runtime cannot tell. */
export type SignatureCheck = 'valid' | 'invalid' | 'unsupported';

/** A certificate or a revocation list. */
export interface SignedDocument {
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
}

/** Verifies with `node:crypto`; never throws. @see RFC 5280 §6.1.3 (a)(1) */
export function verifySignature(document: SignedDocument, publicKey: CertificatePublicKey): SignatureCheck {
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
