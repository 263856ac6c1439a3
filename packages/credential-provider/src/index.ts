export { createSession, type SessionContext } from './create-session.js';
export { fromRolesAnywhere } from './from-roles-anywhere.js';
export type { RolesAnywhereCallProperties, RolesAnywhereCredentialProvider } from './credential-provider.js';
export type { ClientConfig, HttpHandler, ValueOrProvider } from './config/client-config.js';
export type { FallbackTarget } from './config/fallback-target.js';
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
export { fileSessionCache, type FileSessionCacheInit } from './cache/file-session-cache.js';
export type { SessionCache } from './cache/session-cache.js';
export { eventChannels } from './events/event-channels.js';
export type {
  EventCertificate,
  EventError,
  EventFacts,
  EventTarget,
  PublishedEvent,
  PublishedEvents,
} from './events/published-event.js';
