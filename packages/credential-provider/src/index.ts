export { createSession, type SessionContext } from './create-session.js';
export {
  fromRolesAnywhere,
  type RolesAnywhereCallProperties,
  type RolesAnywhereCredentialProvider,
} from './from-roles-anywhere.js';
export type { ClientConfig, HttpHandler, ValueOrProvider } from './config/client-config.js';
export type { FromRolesAnywhereInit } from './config/from-roles-anywhere-init.js';
export type { CreateSessionInput } from './config/create-session-input.js';
export type { Session } from './session.js';
export { SessionError, sessionErrorCodes, type SessionErrorCode, type SessionErrorInit } from './errors.js';
export {
  ConfigurationError,
  createSigningKey,
  createX509Identity,
  fromPem,
  fromPemFiles,
  IdentityError,
  isRolesAnywhereError,
  RolesAnywhereError,
  SigningError,
} from '@rolesanywhere/signer';
export type {
  Certificate,
  FromPemFilesInit,
  FromPemInit,
  SigningAlgorithm,
  SigningKey,
  X509Identity,
  X509IdentityProvider,
} from '@rolesanywhere/signer';
