import type { Logger } from '@smithy/types';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import type { CertificateExpiresSoon } from './certificate-warning.js';
import type { RefreshEvent } from './refresh.js';

/** What happens inside a provider. Errors are as they were thrown: what is told outside is chosen by `logEvent` and `publishEvent`. */
export type ProviderEvent =
  | RefreshEvent
  | {
      readonly type: 'clockCorrected';
      /** What is added to our clock for signing from now on, in milliseconds; 0 when the clocks agree again. */
      readonly correctionMilliseconds: number;
    }
  | CertificateExpiresSoon
  | {
      /** The session came from one of `fallbacks`. */
      readonly type: 'fallbackUsed';
      readonly trustAnchorArn: string;
      readonly profileArn: string;
      readonly roleArn: string;
    }
  | {
      /** The identity's source has something unusable, so the identity of before is used. */
      readonly type: 'identityKept';
      /** Hexadecimal, without a prefix. */
      readonly serialNumber: string;
      readonly expiration: Date;
      readonly error: unknown;
      /** Refreshes in a row with a kept identity, 1 or more. */
      readonly times: number;
    }
  /** Another process's session was taken from the cache. */
  | { readonly type: 'cacheHit' }
  /** The cache could not be used; the service was called instead. */
  | { readonly type: 'cacheFailed'; readonly error: unknown };

const prefix = '@rolesanywhere/credential-provider - fromRolesAnywhere';

/**
 * Writes an event to the logger in the AWS SDK's form. A row of failures that no caller notices is warned of once.
 * A logger that throws is ignored: it must not cost anybody a session.
 */
export function logEvent(logger: Logger | undefined, event: ProviderEvent): void {
  try {
    writeEvent(logger, event);
  } catch {
    // There is nowhere to report it.
  }
}

function writeEvent(logger: Logger | undefined, event: ProviderEvent): void {
  switch (event.type) {
    case 'refreshStarted':
      return logger?.debug(`${prefix}: refresh started`);
    case 'refreshed':
      return logger?.debug(`${prefix}: new session for ${Math.round(event.lifetimeMilliseconds / 1000)} s`);
    case 'refreshFailed':
      return logFailure(logger, event);
    case 'clockCorrected':
      return logger?.warn(`${prefix}: ${clockText(event.correctionMilliseconds)}`);
    case 'certificateExpiresSoon':
      return logger?.warn(`${prefix}: ${certificateText(event)}; renew it`);
    case 'identityKept':
      return logKept(logger, event);
    case 'fallbackUsed':
      return logger?.warn(`${prefix}: the fallback ${event.trustAnchorArn} gave the session`);
    case 'cacheHit':
      return logger?.debug(`${prefix}: session taken from the cache`);
    case 'cacheFailed':
      return logger?.warn(`${prefix}: the session cache cannot be used: ${cacheFailureText(event.error)}`);
  }
}

function certificateText({
  serialNumber,
  expiration,
}: Pick<CertificateExpiresSoon, 'serialNumber' | 'expiration'>): string {
  return `the certificate with serial 0x${serialNumber} can be used until ${expiration.toISOString()}`;
}

function logKept(logger: Logger | undefined, event: Extract<ProviderEvent, { type: 'identityKept' }>): void {
  const { error, times } = event;
  const reason = isRolesAnywhereError(error) ? `${error.code}: ${error.message}` : 'unexpected error';
  const message = `${prefix}: the identity could not be read anew and is kept (${reason}); ${certificateText(event)}`;
  return times === 1 ? logger?.warn(message) : logger?.debug(message);
}

/** Only what is known to hold no secret: a cache of the application's own may throw anything. */
function cacheFailureText(error: unknown): string {
  if (isRolesAnywhereError(error)) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'unexpected error';
}

function clockText(correctionMilliseconds: number): string {
  if (correctionMilliseconds === 0) return "the clock agrees with the service's again";
  const seconds = Math.round(correctionMilliseconds / 1000);
  return `the clock differs from the service's; signing ${seconds} s off it from now on`;
}

function logFailure(
  logger: Logger | undefined,
  event: Extract<ProviderEvent, { type: 'refreshFailed' }>,
): void {
  const { error, stillValid, failures, pauseMilliseconds } = event;
  const code = isRolesAnywhereError(error) ? error.code : 'unexpected error';
  const pause = `next attempt in ${Math.ceil(pauseMilliseconds / 1000)} s at the earliest`;
  if (!stillValid) return logger?.debug(`${prefix}: no session (${code}); ${pause}`);
  const message = `${prefix}: refresh failed (${code}), the session in hand is still valid; ${pause}`;
  return failures === 1 ? logger?.warn(message) : logger?.debug(message);
}
