import type { SessionErrorCode } from './errors.js';

/** Attempts at one CreateSession, the first included, unless `maxAttempts` says otherwise. */
export const defaultMaxAttempts = 3;

const baseMilliseconds = 50;
const longestDelayMilliseconds = 20_000;
const longestThrottledWaitMilliseconds = 90_000;

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
  /** Since the first attempt. */
  readonly elapsedMilliseconds: number;
}

/**
 * Milliseconds to wait before the next attempt, or undefined when there should be none: never after a refusal, an
 * unusable answer or the last attempt, and not when the wait would outlast the time limit.
 *
 * Full jitter over 50 ms doubling to 20 s, on top of the service's `Retry-After`; after throttling {@link throttledWait}.
 * @param random - in [0, 1)
 */
export function retryDelay(
  failed: FailedAttempt,
  progress: CallProgress,
  random: number,
): number | undefined {
  if (failed.permanent === true || !isTransient(failed.code)) return undefined;
  if (progress.attempts >= progress.maxAttempts) return undefined;
  const delay =
    failed.code === 'THROTTLED'
      ? throttledDelay(failed, progress, random)
      : backOff(failed, progress, random);
  return delay < progress.remainingMilliseconds ? delay : undefined;
}

/**
 * How long to wait after throttling, in milliseconds: four times as long as it has lasted already, a quarter more or less,
 * at first 2 to 8 s, at most about a minute and a half. So nobody waits long after a throttling that was short, and a whole
 * fleet that starts at once finds its turn with few calls.
 * @param lastedMilliseconds - since the first call of the row that was throttled
 * @param random - in [0, 1)
 */
export function throttledWait(lastedMilliseconds: number, random: number): number {
  return Math.max(firstThrottledWait(random), followingThrottledWait(lastedMilliseconds, random));
}

function firstThrottledWait(random: number): number {
  return 2000 + random * 6000;
}

function followingThrottledWait(lastedMilliseconds: number, random: number): number {
  return Math.min(4 * lastedMilliseconds, longestThrottledWaitMilliseconds) * (0.75 + random / 2);
}

/** The service's `Retry-After` takes the place of the first wait: it knows better. */
function throttledDelay(failed: FailedAttempt, progress: CallProgress, random: number): number {
  const asked = failed.retryAfterMilliseconds;
  const first = asked === undefined ? firstThrottledWait(random) : asked * (1 + random / 4) + random * 1000;
  return Math.max(first, followingThrottledWait(progress.elapsedMilliseconds, random));
}

function backOff(failed: FailedAttempt, progress: CallProgress, random: number): number {
  const ceiling = Math.min(baseMilliseconds * 2 ** (progress.attempts - 1), longestDelayMilliseconds);
  return (failed.retryAfterMilliseconds ?? 0) + random * ceiling;
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
