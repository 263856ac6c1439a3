import type { SignatureAlgorithm } from '../certificate/certificate.js';
import type { DistinguishedName } from '../names/distinguished-name.js';

/** Why a certificate was revoked; the index is not the wire value (7 is not used). @see RFC 5280 §5.3.1 */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

/** One of {@link REVOCATION_REASONS}. */
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** One entry of a CRL. */
export interface RevokedCertificate {
  readonly serialNumber: bigint;
  readonly revocationDate: Date;
  /** Absent when the entry gives none. */
  readonly reason?: RevocationReason;
}

/** A parsed X.509 certificate revocation list: plain data, nothing judged. @see RFC 5280 §5 */
export interface CertificateRevocationList {
  /** The CRL exactly as it was read. */
  readonly der: Uint8Array;
  /** The part the signature covers (TBSCertList). */
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  readonly revoked: readonly RevokedCertificate[];
  readonly crlNumber?: bigint;
  readonly authorityKeyIdentifier?: Uint8Array;
  /** Object identifiers of the critical extensions of the list and of its entries, each once. */
  readonly criticalExtensions: readonly string[];
}
