import type { SessionErrorCode } from './errors.js';

/** Attempts at one CreateSession, the first included, unless `maxAttempts` says otherwise. */
export const defaultMaxAttempts = 3;

const baseMilliseconds = 50;
const throttledBaseMilliseconds = 1000;
const longestDelayMilliseconds = 20_000;

/** What the decision about another attempt rests on. */
export interface FailedAttempt {
  readonly code: SessionErrorCode;
  /** True for what cannot get better by trying again, such as an untrusted TLS certificate. */
  readonly permanent?: boolean | undefined;
  /** What the service asked for in `Retry-After`, in milliseconds. */
  readonly retryAfterMilliseconds?: number | undefined;
}

/** Where the call stands. */
export interface CallProgress {
  /** Attempts made so far, 1 or more. */
  readonly attempts: number;
  readonly maxAttempts: number;
  /** What is left of the total time limit. */
  readonly remainingMilliseconds: number;
}

/**
 * Milliseconds to wait before the next attempt, or undefined when there should be none: never after a refusal, an
 * unusable answer or the last attempt, and not when the wait would outlast the time limit.
 *
 * Full jitter over 50 ms (429: 1 s) doubling to 20 s, on top of the service's `Retry-After`.
 * @param random - in [0, 1)
 */
export function retryDelay(
  failed: FailedAttempt,
  progress: CallProgress,
  random: number,
): number | undefined {
  if (failed.permanent === true || !isTransient(failed.code)) return undefined;
  if (progress.attempts >= progress.maxAttempts) return undefined;
  const base = failed.code === 'THROTTLED' ? throttledBaseMilliseconds : baseMilliseconds;
  const ceiling = Math.min(base * 2 ** (progress.attempts - 1), longestDelayMilliseconds);
  const delay = (failed.retryAfterMilliseconds ?? 0) + random * ceiling;
  return delay < progress.remainingMilliseconds ? delay : undefined;
}

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date (RFC 9110 §10.2.3); undefined when absent or unreadable.
 * @param now - the clock that a date is compared with, milliseconds since the epoch
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function isTransient(code: SessionErrorCode): boolean {
  return (
    code === 'NETWORK_FAILED' || code === 'TIMED_OUT' || code === 'THROTTLED' || code === 'SERVICE_FAILED'
  );
}
