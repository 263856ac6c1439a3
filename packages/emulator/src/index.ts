export { createEmulator, type Emulator, type EmulatorInit } from './create-emulator.js';
export { ControlPlaneError, MintError, type ControlPlaneErrorType, type MintErrorCode } from './errors.js';
export type { FaultyAnswer } from './fault-answers.js';
export type { Fault, FaultCall, Faults, FaultSchedule } from './faults.js';
export type { Delivery, RawHandler, RawRequest, RawResponse } from './http.js';
export type {
  InProcessAbortSignal,
  InProcessRequest,
  InProcessRequestHandler,
  InProcessResponse,
} from './in-process-handler.js';
export type { IssuedSession } from './issued-sessions.js';
export { mintMadeUp, type Mint, type MintedCredentials, type MintRequest } from './minting.js';
export {
  mintByAssumeRole,
  type AssumeRoleCall,
  type AssumeRoleTransport,
  type MintByAssumeRoleInit,
} from './mint-by-assume-role.js';
export type { RandomBytes } from './random.js';
export type { ControlPlane } from './registry.js';
export type { CrlInit, ImportedCrl } from './registry/crls.js';
export type { Profile, ProfileInit } from './registry/profiles.js';
export type { Role, RoleInit } from './registry/roles.js';
export type { Subject } from './registry/subjects.js';
export type { TrustAnchor, TrustAnchorInit } from './registry/trust-anchors.js';
export type { AttributeMappings, CertificateField } from './roles-anywhere/attribute-mappings.js';
export type { CreateSessionParameters } from './roles-anywhere/create-session-parameters.js';
export type { ConditionBlock } from './roles-anywhere/policy-conditions.js';
export { REFUSAL_REASONS, type RefusalReason } from './roles-anywhere/refusal.js';
export type { SerialPadding } from './roles-anywhere/session-name.js';
export type { UnmappedAttribute } from './roles-anywhere/session-tags.js';
export type { PolicyPrincipal, TrustPolicy, TrustStatement } from './roles-anywhere/trust-policy.js';
export type {
  AcceptedVerdict,
  CertificateDetails,
  RefusedVerdict,
  SessionDetails,
  SignatureDetails,
  Verdict,
  VerdictDetails,
  VerdictFinding,
} from './roles-anywhere/verdict.js';
export { listen, type Listening, type ListenOptions } from './server.js';
export { parseAuthorization, type Authorization } from './sigv4/authorization.js';
export { canonicalRequest, type CanonicalRequestOptions } from './sigv4/canonical-request.js';
export { parseLongDate } from './sigv4/long-date.js';
export { SECRET_REFUSALS, type SecretRefusal, type SecretVerdict } from './sigv4/secret-verdict.js';
export type { SecretAcceptance, SecretRejection } from './sigv4/secret-verdict.js';
export { signWithSecret, type SecretCredentials, type SecretScope } from './sigv4/sign-with-secret.js';
export { stringToSign, type StringToSignInput } from './sigv4/string-to-sign.js';
export { verifyWithCertificate, type CertificateSignature } from './sigv4/verify-with-certificate.js';
export { verifyWithSecret, type KnownSecret, type SecretContext } from './sigv4/verify-with-secret.js';
