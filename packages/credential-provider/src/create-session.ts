import type { Logger } from '@smithy/types';
import type { X509Identity, X509IdentityProvider } from '@rolesanywhere/signer';
import type { ClientConfig } from './config/client-config.js';
import type { CreateSessionInput } from './config/create-session-input.js';
import type { Session } from './session.js';

/** What a CreateSession call needs beside its input. */
export interface SessionContext {
  /** Signs the request. A function is called once. */
  readonly identity: X509Identity | X509IdentityProvider;
  readonly clientConfig?: ClientConfig | undefined;
  /** For the identity, all attempts and all waits together. Default 20,000. */
  readonly totalTimeoutMilliseconds?: number | undefined;
  /** Default: `clientConfig.logger`. */
  readonly logger?: Logger | undefined;
  /** Ends the call; it rejects with the signal's reason. */
  readonly abortSignal?: AbortSignal | undefined;
}

/**
 * Calls CreateSession: one session, nothing kept. Applications want {@link fromRolesAnywhere}, which keeps it fresh.
 *
 * @throws ConfigurationError `INVALID_OPTION`, `INVALID_ARN`, `REGION_MISMATCH`, `REGION_UNKNOWN`, `NOT_CONFIGURED`
 * @throws IdentityError, SigningError from the identity
 * @throws SessionError from the call
 *
 * @example
 * const session = await createSession({ trustAnchorArn, profileArn, roleArn }, { identity: fromPemFiles({ certificate, privateKey }) });
 * console.log(session.assumedRoleArn, session.credentials.expiration);
 * @see IAM Roles Anywhere User Guide, "CreateSession"
 */
export async function createSession(input: CreateSessionInput, context: SessionContext): Promise<Session> {
  // Loaded with the first call, so that importing this package costs an application next to nothing.
  const { openSession } = await import('./open-session.js');
  return openSession(input, context);
}
