import type { Logger } from '@smithy/types';
import { isRolesAnywhereError } from '@rolesanywhere/signer';
import type { RefreshEvent } from './refresh.js';

/** What happens inside a provider. No event holds a secret. */
export type ProviderEvent =
  | RefreshEvent
  | {
      readonly type: 'clockCorrected';
      /** What is added to our clock for signing from now on, in milliseconds; 0 when the clocks agree again. */
      readonly correctionMilliseconds: number;
    };

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
      return logger?.debug(`${prefix}: CreateSession started`);
    case 'refreshed':
      return logger?.debug(`${prefix}: new session for ${Math.round(event.lifetimeMilliseconds / 1000)} s`);
    case 'refreshFailed':
      return logFailure(logger, event);
    case 'clockCorrected':
      return logger?.warn(`${prefix}: ${clockText(event.correctionMilliseconds)}`);
  }
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
