import { createPublicKey, verify } from 'node:crypto';
import type { Certificate, CertificateRevocationList } from '@rolesanywhere/pki';

/**
 * Whether this CA issued the CRL: same name, a key usage that allows it, and a signature that verifies.
 * RSA (PKCS #1 v1.5) and ECDSA with SHA-256 or stronger, and ML-DSA where Node.js has it.
 *
 * @see RFC 5280 section 6.3.3 (f) and (g)
 */
export function isCrlSignedBy(crl: CertificateRevocationList, issuer: Certificate): boolean {
  const { name, hash } = crl.signatureAlgorithm;
  if (crl.issuer.normalized.join('\n') !== issuer.subject.normalized.join('\n')) return false;
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.usages.includes('cRLSign')) return false;
  if (!FITTING_KEY.some(([prefix, type]) => name.startsWith(prefix) && issuer.publicKey.algorithm === type)) {
    return false;
  }
  if (hash === 'MD5' || hash === 'SHA-1' || hash === 'SHA-224') return false;
  try {
    const key = createPublicKey({ key: Buffer.from(issuer.publicKey.spki), format: 'der', type: 'spki' });
    return verify(hash?.replace('-', '').toLowerCase() ?? null, crl.tbs, key, crl.signature);
  } catch {
    return false;
  }
}

/** Names of signature algorithms, and the keys that make them. Whatever else a list names, Node.js must not guess. */
const FITTING_KEY = [
  ['RSA-SHA', 'RSA'],
  ['ECDSA-', 'EC'],
  ['ML-DSA-', 'ML-DSA'],
] as const;
