import {
  ConfigurationError,
  IdentityError,
  isRolesAnywhereError,
  type X509Identity,
} from '@rolesanywhere/signer';
import type { SessionCache } from './cache/session-cache.js';
import { isAttemptCount } from './config/client-config-problems.js';
import { resolveValue, type ClientConfig } from './config/client-config.js';
import { isIdentity } from './config/is-identity.js';
import type { SessionSettings } from './config/source.js';
import { resolveEndpoint } from './endpoint.js';
import type { Haste } from './refresh.js';
import { defaultMaxAttempts } from './retry.js';
import type { Runtime } from './runtime.js';
import { sendCreateSession, type SentSession, type SessionOrder } from './send-create-session.js';
import { buildSessionRequest } from './session-request.js';
import { startDeadline } from './transport/deadline.js';
import type { Transport } from './transport/transport.js';

/** Default of `totalTimeoutMilliseconds`. */
export const defaultTotalTimeoutMilliseconds = 20_000;

/** One CreateSession as the caller describes it. */
export interface SessionCall extends Pick<
  SessionOrder,
  'transport' | 'correctionMilliseconds' | 'keepCorrection'
> {
  readonly settings: SessionSettings;
  readonly clientConfig: ClientConfig;
  readonly totalTimeoutMilliseconds?: number | undefined;
  /** `calm`: one attempt, whatever `maxAttempts` says. Default `urgent`. */
  readonly haste?: Haste | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly sharing?: Sharing | undefined;
  /** Told with which identity the call is made. */
  onIdentity?(identity: X509Identity): void;
}

/** What other processes may have to do with a call. */
export interface Sharing {
  readonly cache: SessionCache;
  /** True: a session that others made is not wanted. */
  readonly forceRefresh: boolean;
  /** Whether this provider has handed out this session before. */
  isKnown(accessKeyId: string): boolean;
  onTrouble(error: unknown): void;
  onHit(): void;
}

/**
 * The whole of one call under one time limit: options, identity, request, attempts. The identity is read once.
 * @throws ConfigurationError, IdentityError, SigningError, SessionError
 */
export async function callCreateSession(call: SessionCall, runtime: Runtime): Promise<SentSession> {
  const milliseconds = call.totalTimeoutMilliseconds ?? defaultTotalTimeoutMilliseconds;
  const deadline = startDeadline(milliseconds, runtime, call.abortSignal);
  let connected: Transport | undefined;
  try {
    const { settings, clientConfig } = call;
    const [endpoint, maxAttempts, appId] = await deadline.race(
      Promise.all([
        resolveEndpoint(settings.trustAnchorArn, clientConfig),
        resolveMaxAttempts(clientConfig),
        resolveValue('userAgentAppId', clientConfig.userAgentAppId),
      ]),
      `A function in clientConfig did not answer within ${milliseconds} ms.`,
    );
    // The way to the service takes longer than reading files and signing: both at once.
    connected = call.sharing === undefined ? call.transport.connect?.(endpoint) : undefined;
    const identity = await deadline.race(
      readIdentity(call, runtime),
      `The identity was not ready within ${milliseconds} ms. Check where its certificate and key come from, or raise totalTimeoutMilliseconds.`,
    );
    call.onIdentity?.(identity);
    const order = {
      ...call,
      transport: connected ?? call.transport,
      request: buildSessionRequest(settings, endpoint, appId),
      endpoint,
      identity,
      roleArn: settings.roleArn,
      maxAttempts: call.haste === 'calm' ? 1 : maxAttempts,
    };
    const send = (): Promise<SentSession> => sendCreateSession(order, deadline, runtime);
    const { sharing, correctionMilliseconds, abortSignal } = call;
    if (sharing === undefined) return await send();
    const { cacheKey } = await import('./cache/cache-key.js');
    const { callWithCache } = await import('./cache/call-with-cache.js');
    const { machineUptime: uptime } = await import('./cache/machine-uptime.js');
    const key = (): Promise<string> => cacheKey({ settings, endpoint, identity });
    const { roleArn } = settings;
    const shared = { ...sharing, key, uptime, roleArn, correctionMilliseconds, abortSignal };
    return await callWithCache({ ...shared, deadline, call: send }, runtime);
  } finally {
    deadline.end();
    if (connected !== call.transport) connected?.close();
  }
}

async function resolveMaxAttempts({ maxAttempts }: ClientConfig): Promise<number> {
  if (maxAttempts === undefined) return defaultMaxAttempts;
  const count = await resolveValue('maxAttempts', maxAttempts);
  if (isAttemptCount(count)) return count;
  const message = 'clientConfig.maxAttempts must give a whole number of at least 1.';
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

/** The current identity, refused when it has expired: the service would refuse it too, in words that do not say so. */
async function readIdentity(call: SessionCall, runtime: Runtime): Promise<X509Identity> {
  const { identity: source } = call.settings;
  const identity = typeof source === 'function' ? await callProvider(source) : source;
  if (identity.expiration.getTime() > runtime.now() + call.correctionMilliseconds) return identity;
  const serial = identity.certificate.serialNumber.toString(16);
  throw new IdentityError({
    code: 'CERTIFICATE_EXPIRED',
    message: `The certificate with serial 0x${serial} expired at ${identity.expiration.toISOString()}. Renew it, or check the clock.`,
  });
}

async function callProvider(provider: () => Promise<X509Identity>): Promise<X509Identity> {
  let identity: unknown;
  try {
    identity = await provider();
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = 'The function given as identity failed; see the cause.';
    throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
  }
  if (isIdentity(identity)) return identity;
  const message =
    'The function given as identity did not resolve to an X509Identity. Give what fromPemFiles(…) returns, or resolve to what createX509Identity(…) gives.';
  throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}
