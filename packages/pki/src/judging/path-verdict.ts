import type { Certificate } from '../certificate/certificate.js';
import type { CertificateRevocationList } from '../crl/certificate-revocation-list.js';
import type { Finding } from './finding.js';
import type { MlDsaVerifier } from './verify-signature.js';

/** What {@link judgePath} is asked. */
export interface JudgePathInput {
  readonly leaf: Certificate;
  /** An unordered pool of possible issuers; may hold the leaf, roots, duplicates and strangers. */
  readonly candidates: readonly Certificate[];
  /** Roots or intermediates; a path ends at the first name and key of one of them. */
  readonly trustAnchors: readonly Certificate[];
  /** Lists to look revoked certificates up in; those of other issuers are passed over. Default: none. */
  readonly revocationLists?: readonly CertificateRevocationList[];
  /** The instant to judge at. */
  readonly at: Date;
  /** Refuse a leaf without the clientAuth purpose; default false: a present extension without it is a warning. */
  readonly requireClientAuthEku?: boolean;
  /** Verifies ML-DSA signatures where `node:crypto` cannot. Default: they are reported as `SIGNATURE_ALGORITHM_UNSUPPORTED`. */
  readonly verifyMlDsa?: MlDsaVerifier;
}

/** What {@link judgePath} answers. */
export interface PathVerdict {
  /** True when no finding is a refusal. */
  readonly accepted: boolean;
  /** Leaf first, trust anchor last; empty when no chain of names and signatures was found. */
  readonly path: readonly Certificate[];
  readonly findings: readonly Finding[];
}
