import type { Certificate } from '../certificate/certificate.js';

/**
 * Every code a finding can have, with the rule it stands for. A rule that starts with `RFC 5280` is one that
 * any validator applies (`openssl verify` agrees); one that starts with `service` is IAM Roles Anywhere's own
 * ("IAM Roles Anywhere User Guide, trust model") or a limit this project takes from it.
 */
export const FINDING_RULES = {
  /** No chain of names and signatures leads from the leaf to a trust anchor. */
  NO_PATH_TO_TRUST_ANCHOR: 'RFC 5280 §6.1',
  /** The pool holds so many certificates of the same names that the search was ended before it was complete. */
  PATH_SEARCH_LIMIT_REACHED: 'service: bounded work',
  /** The leaf is itself a trust anchor; a leaf and a CA are never the same certificate. */
  LEAF_IS_TRUST_ANCHOR: 'service: trust model',
  /** The issuer has the right name and key identifier, but its key did not make this signature. */
  SIGNATURE_INVALID: 'RFC 5280 §6.1.3 (a)(1)',
  /** This runtime cannot verify the algorithm (ML-DSA before Node.js 24.6, an unknown OID): nothing is known about the signature. */
  SIGNATURE_ALGORITHM_UNSUPPORTED: 'RFC 5280 §6.1.3 (a)(1), cannot be checked',
  /** Signed with MD5, SHA-1 or SHA-224, or an algorithm without a hash of SHA-256's strength. */
  SIGNATURE_HASH_WEAK: 'service: trust model, SHA-256 or stronger',
  /** The authority key identifier names another key than the issuer's subject key identifier. */
  AUTHORITY_KEY_IDENTIFIER_MISMATCH: 'RFC 5280 §4.2.1.1',
  /** An issuer whose basic constraints are absent or say CA:FALSE. */
  NOT_A_CA: 'RFC 5280 §6.1.4 (k)',
  /** More intermediates below a CA than its pathLenConstraint allows. */
  PATH_LENGTH_EXCEEDED: 'RFC 5280 §6.1.4 (l), (m)',
  /** An issuer whose key usage does not include keyCertSign; absent key usage counts only for a CA of a trust anchor. */
  KEY_CERT_SIGN_MISSING: 'RFC 5280 §6.1.4 (n)',
  /** A critical extension that nobody here understands. */
  CRITICAL_EXTENSION_UNKNOWN: 'RFC 5280 §6.1.4 (o), §6.1.5 (f)',
  /** A subject or alternative name outside the permitted or inside the excluded names of a CA above. */
  NAME_CONSTRAINTS_VIOLATED: 'RFC 5280 §6.1.3 (b), (c)',
  /** A name constraint of a form or with a distance that cannot be applied, and a name of that form is present. */
  NAME_CONSTRAINTS_UNSUPPORTED: 'RFC 5280 §4.2.1.10',
  /** Not an X.509 version 3 certificate. For a v1 certificate nothing that needs extensions is reported besides. */
  NOT_VERSION_3: 'service: trust model',
  /** More than 20 octets. */
  SERIAL_NUMBER_TOO_LONG: 'service: RFC 5280 §4.1.2.2',
  /** Zero or negative (a warning). */
  SERIAL_NUMBER_NOT_POSITIVE: 'service: RFC 5280 §4.1.2.2',
  /** Another certificate of the same issuer and serial number is in the pool (a warning). */
  SERIAL_NUMBER_DUPLICATE: 'service: RFC 5280 §4.1.2.2',
  /** RSA below 2048 bits. */
  KEY_TOO_SMALL: 'service: RSA 2048 or larger',
  /** An RSA public exponent that is even or below 3: with 1 everybody can make the signatures of that key. */
  KEY_EXPONENT_WEAK: 'service: RFC 8017 §3.1',
  /** An elliptic curve other than P-256, P-384, P-521. */
  CURVE_UNSUPPORTED: 'service: P-256, P-384, P-521',
  /** A key that is not RSA, EC or ML-DSA (RSA-PSS, Ed25519, DSA …). */
  KEY_TYPE_UNSUPPORTED: 'service: RSA, EC, ML-DSA',
  /** A leaf whose basic constraints say CA:TRUE. */
  LEAF_IS_CA: 'service: trust model',
  /** A leaf whose key usage is absent or lacks digitalSignature. */
  DIGITAL_SIGNATURE_MISSING: 'service: trust model',
  /** A leaf without a subject. */
  SUBJECT_EMPTY: 'service: trust model',
  /** Extended key usage is there but lacks clientAuth (a warning; a refusal with `requireClientAuthEku`, then also when absent). */
  CLIENT_AUTH_MISSING: 'service: by option',
  /** notAfter is past. */
  CERTIFICATE_EXPIRED: 'RFC 5280 §6.1.3 (a)(2)',
  /** notBefore is still to come; often a wrong clock. */
  CERTIFICATE_NOT_YET_VALID: 'RFC 5280 §6.1.3 (a)(2)',
  /** Listed in a revocation list of its issuer. */
  CERTIFICATE_REVOKED: 'RFC 5280 §6.1.3 (a)(3)',
  /** A revocation list with the issuer's name but not its signature; it was ignored (a warning). */
  CRL_SIGNATURE_INVALID: 'RFC 5280 §6.3.3 (g)',
  /** A revocation list whose issuer may not sign lists (key usage without cRLSign); it was ignored (a warning). */
  CRL_SIGN_MISSING: 'RFC 5280 §6.3.3 (f)',
  /** nextUpdate is past; the list was used all the same (a warning). */
  CRL_EXPIRED: 'RFC 5280 §6.3.3 (a)',
  /** thisUpdate is still to come; the list was used all the same (a warning). */
  CRL_NOT_YET_VALID: 'RFC 5280 §6.3.3 (a)',
  /** A delta, indirect or partitioned list, or another critical extension; it was ignored (a warning). */
  CRL_CRITICAL_EXTENSION_UNKNOWN: 'RFC 5280 §5.2',
} as const;

/** One of the keys of {@link FINDING_RULES}. */
export type FindingCode = keyof typeof FINDING_RULES;

/**
 * `path`: names, signatures and CA rules · `endEntity`: rules of the leaf · `validity`: dates of any certificate ·
 * `revocation`: revocation lists.
 */
export type FindingGroup = 'path' | 'endEntity' | 'validity' | 'revocation';

/** One thing that was found while judging. */
export interface Finding {
  readonly code: FindingCode;
  readonly group: FindingGroup;
  /** A refusal makes the verdict `accepted: false`; a warning does not. */
  readonly severity: 'refusal' | 'warning';
  /** What, which certificate, what to do. */
  readonly message: string;
  /** The certificate it is about; absent for findings about the whole path. */
  readonly certificate?: Certificate;
}
