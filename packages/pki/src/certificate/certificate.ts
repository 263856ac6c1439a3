import type { DistinguishedName } from '../names/distinguished-name.js';
import type { GeneralName } from '../names/general-name.js';

/** The bits of the key usage extension, in the order of their numbers. @see RFC 5280 §4.2.1.3 */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** One of {@link KEY_USAGES}. */
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Hash functions that sign certificates. */
export type SignatureHash = 'MD5' | 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** The key a certificate certifies. */
export interface CertificatePublicKey {
  /** DER SubjectPublicKeyInfo, as `crypto.createPublicKey({ key, format: 'der', type: 'spki' })` takes it. */
  readonly spki: Uint8Array;
  readonly algorithm: 'RSA' | 'RSA-PSS' | 'EC' | 'ML-DSA' | 'other';
  /** Object identifier of the algorithm; tells the three ML-DSA parameter sets apart. */
  readonly oid: string;
  /** Bits of the modulus; only with `RSA` and `RSA-PSS`. */
  readonly modulusLength?: number;
  /** Usually 65537; only with `RSA` and `RSA-PSS`. */
  readonly publicExponent?: bigint;
  /** `P-256`, `P-384`, `P-521`, or the OID of another named curve; only with `EC`, absent for explicit parameters. */
  readonly curve?: string;
}

/** How a certificate or a CRL is signed. */
export interface SignatureAlgorithm {
  readonly oid: string;
  /** `RSA-SHA256`, `RSA-PSS-SHA256`, `ECDSA-SHA384`, `ML-DSA-65`, `Ed25519` …, or the OID of one that is not known here. */
  readonly name: string;
  /** Absent for algorithms without a separate hash (ML-DSA, Ed25519) and for unknown ones. */
  readonly hash?: SignatureHash;
  /** Octets of salt; only with RSA-PSS. */
  readonly saltLength?: number;
}

/** @see RFC 5280 §4.2.1.9 */
export interface BasicConstraints {
  readonly critical: boolean;
  readonly ca: boolean;
  /** How many intermediates may follow below; absent: no limit. */
  readonly pathLength?: number;
}

/** One subtree of a name constraint. */
export interface NameConstraintSubtree {
  readonly base: GeneralName;
  /** True when the subtree has a minimum other than zero or a maximum, which RFC 5280 does not allow. */
  readonly hasDistance: boolean;
}

/** @see RFC 5280 §4.2.1.10 */
export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: readonly NameConstraintSubtree[];
  readonly excluded: readonly NameConstraintSubtree[];
}

/** A parsed X.509 certificate: plain data, nothing judged. @see RFC 5280 §4 */
export interface Certificate {
  /** The certificate exactly as it was read. */
  readonly der: Uint8Array;
  /** The part the signature covers (TBSCertificate), exactly as it was read. */
  readonly tbs: Uint8Array;
  /** The signature value. */
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Positive in a correct certificate, but zero, negative and overlong ones are read as they are. */
  readonly serialNumber: bigint;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** First instant of validity, inclusive. */
  readonly notBefore: Date;
  /** Last instant of validity, inclusive. */
  readonly notAfter: Date;
  readonly publicKey: CertificatePublicKey;
  readonly basicConstraints?: BasicConstraints;
  readonly keyUsage?: { readonly critical: boolean; readonly usages: readonly KeyUsage[] };
  /** `purposes` are object identifiers: `1.3.6.1.5.5.7.3.2` is clientAuth. */
  readonly extendedKeyUsage?: { readonly critical: boolean; readonly purposes: readonly string[] };
  /** In certificate order; empty when the extension is absent. */
  readonly subjectAlternativeName: readonly GeneralName[];
  readonly subjectKeyIdentifier?: Uint8Array;
  /** The keyIdentifier field of the extension. */
  readonly authorityKeyIdentifier?: Uint8Array;
  readonly nameConstraints?: NameConstraints;
  /** Object identifiers of all extensions, in certificate order. */
  readonly extensions: readonly string[];
  /** Object identifiers of the critical ones among them. */
  readonly criticalExtensions: readonly string[];
}
