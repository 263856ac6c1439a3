import type { SignatureAlgorithm, SignatureHash } from './certificate.js';

/** id-RSASSA-PSS, whose hash is in its parameters. @see RFC 4055 §3.1 */
export const RSASSA_PSS_OID = '1.2.840.113549.1.1.10';

/** Signature algorithms by OID. @see RFC 3279 §2.2, RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3, RFC 9881 §2 */
export const SIGNATURE_ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = Object.fromEntries(
  [
    rsa('1.2.840.113549.1.1.4', 'MD5'),
    rsa('1.2.840.113549.1.1.5', 'SHA-1'),
    rsa('1.2.840.113549.1.1.14', 'SHA-224'),
    rsa('1.2.840.113549.1.1.11', 'SHA-256'),
    rsa('1.2.840.113549.1.1.12', 'SHA-384'),
    rsa('1.2.840.113549.1.1.13', 'SHA-512'),
    ecdsa('1.2.840.10045.4.1', 'SHA-1'),
    ecdsa('1.2.840.10045.4.3.1', 'SHA-224'),
    ecdsa('1.2.840.10045.4.3.2', 'SHA-256'),
    ecdsa('1.2.840.10045.4.3.3', 'SHA-384'),
    ecdsa('1.2.840.10045.4.3.4', 'SHA-512'),
    { oid: '2.16.840.1.101.3.4.3.17', name: 'ML-DSA-44' },
    { oid: '2.16.840.1.101.3.4.3.18', name: 'ML-DSA-65' },
    { oid: '2.16.840.1.101.3.4.3.19', name: 'ML-DSA-87' },
    { oid: '1.3.101.112', name: 'Ed25519' },
    { oid: '1.3.101.113', name: 'Ed448' },
  ].map((algorithm) => [algorithm.oid, algorithm]),
);

/** Hash functions by OID, as RSASSA-PSS parameters name them. */
export const HASH_BY_OID: Readonly<Record<string, SignatureHash>> = {
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
};

function rsa(oid: string, hash: SignatureHash): SignatureAlgorithm {
  return { oid, name: `RSA-${hash.replace('-', '')}`, hash };
}

function ecdsa(oid: string, hash: SignatureHash): SignatureAlgorithm {
  return { oid, name: `ECDSA-${hash.replace('-', '')}`, hash };
}
