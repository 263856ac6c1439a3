export { signRequest } from './sign-request.js';
export type { SigningContext } from './signing-context.js';
export { canonicalRequest } from './sigv4/canonical-request.js';
export type { CanonicalRequest } from './sigv4/canonical-request.js';
export { stringToSign } from './sigv4/string-to-sign.js';
export type { StringToSignInput } from './sigv4/string-to-sign.js';
export { authorization } from './sigv4/authorization.js';
export type { AuthorizationInput } from './sigv4/authorization.js';
export { fromPem } from './identity/from-pem.js';
export type { FromPemInit } from './identity/from-pem.js';
export { fromPemFiles } from './identity/from-pem-files.js';
export type { FromPemFilesInit } from './identity/from-pem-files.js';
export { createPassphraseSource } from './identity/passphrase.js';
export type { Passphrase, PassphraseSource, PassphraseWords } from './identity/passphrase.js';
export { findPassphraseProblem } from './identity/passphrase-problem.js';
export { createSigningKey } from './identity/signing-key.js';
export type {
  NodeKeyObject,
  SigningAlgorithm,
  SigningKey,
  SigningKeySource,
  WebCryptoKey,
} from './identity/signing-key.js';
export { createX509Identity } from './identity/x509-identity.js';
export type {
  CertificateInput,
  X509Identity,
  X509IdentityParts,
  X509IdentityProvider,
} from './identity/x509-identity.js';
export type { Certificate, CertificateKeyAlgorithm } from './x509/certificate.js';
export {
  ConfigurationError,
  IdentityError,
  RolesAnywhereError,
  SigningError,
  isRolesAnywhereError,
} from './errors.js';
export type {
  ConfigurationErrorCode,
  IdentityErrorCode,
  RolesAnywhereErrorInit,
  SigningErrorCode,
} from './errors.js';
