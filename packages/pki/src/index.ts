export { PKI_ERROR_CODES, PkiError, type PkiErrorCode } from './errors.js';
export type { DistinguishedName, NameAttribute } from './names/distinguished-name.js';
export type { GeneralName } from './names/general-name.js';
export type { NameAttributeInit, NameInit } from './names/name-init.js';
export type { GeneralNameInit } from './names/general-name-init.js';
export {
  KEY_USAGES,
  type BasicConstraints,
  type Certificate,
  type CertificatePublicKey,
  type KeyUsage,
  type NameConstraintSubtree,
  type NameConstraints,
  type SignatureAlgorithm,
  type SignatureHash,
} from './certificate/certificate.js';
export { parseCertificate, parseCertificates } from './certificate/parse-certificate.js';
export { certificateToPem } from './certificate/certificate-to-pem.js';
export {
  REVOCATION_REASONS,
  type CertificateRevocationList,
  type RevocationReason,
  type RevokedCertificate,
} from './crl/certificate-revocation-list.js';
export { parseCertificateRevocationList } from './crl/parse-certificate-revocation-list.js';
export type { KeyAlgorithm } from './issuing/key-algorithm.js';
export type { IssuedCertificate } from './issuing/issued-certificate.js';
export type {
  BasicConstraintsInit,
  CertificateOptions,
  ExtensionInit,
  NameConstraintsInit,
} from './issuing/certificate-options.js';
export { issueCertificate, type IssueCertificateInit } from './issuing/issue-certificate.js';
export {
  issueCertificateAuthority,
  type IssueCertificateAuthorityInit,
} from './issuing/issue-certificate-authority.js';
export {
  issueCertificateRevocationList,
  type IssueCertificateRevocationListInit,
  type IssuedCertificateRevocationList,
  type RevokedCertificateInit,
} from './issuing/issue-certificate-revocation-list.js';
export { FINDING_RULES, type Finding, type FindingCode, type FindingGroup } from './judging/finding.js';
export type { JudgePathInput, PathVerdict } from './judging/path-verdict.js';
export type { MlDsaSignature, MlDsaVerifier } from './judging/verify-signature.js';
export { judgePath } from './judging/judge-path.js';
export { judgeTrustAnchor } from './judging/judge-trust-anchor.js';
