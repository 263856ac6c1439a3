/** One moment by both clocks. */
export interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

/** How long a value may be used, counted from the moment it arrived. */
export interface Lease {
  readonly start: Instant;
  readonly lifetimeMilliseconds: number;
  /** Age at which a background refresh begins. */
  readonly refreshAtMilliseconds: number;
}

/** The time after a failure in which nothing is asked. */
export interface Pause {
  readonly start: Instant;
  readonly milliseconds: number;
  /** Failures in a row of the same kind, 1 or more. */
  readonly failures: number;
  /** True when the failed refresh left a value that was still valid. */
  readonly whileValid: boolean;
}

/** What the rules look at. */
export interface RefreshState {
  readonly now: Instant;
  readonly lease: Lease | undefined;
  readonly pause: Pause | undefined;
  readonly inFlight: boolean;
  readonly forceRefresh: boolean;
}

/**
 * What a caller gets: the held value; the held value while a refresh starts; a short wait and then the held value; the
 * outcome of the one flight; or the last failure again.
 */
export type Decision = 'use' | 'useAndRefresh' | 'waitBriefly' | 'wait' | 'failAgain';

/** In the last minute of a value callers wait for its successor, at most {@link shortWaitMilliseconds}. */
const lastMinuteMilliseconds = 60_000;

/** The longest that a caller waits while the held value is valid. */
export const shortWaitMilliseconds = 5000;

const forcedPauseMilliseconds = 1000;
const validPause = { base: 30_000, longest: 300_000 } as const;
const emptyPause = { base: 1000, longest: 30_000 } as const;

/** The refresh table, top to bottom. */
export function decide(state: RefreshState): Decision {
  const { now, lease, pause, inFlight } = state;
  if (state.forceRefresh) {
    const young = pause !== undefined && elapsed(pause.start, now) < forcedPauseMilliseconds;
    return !inFlight && young && isPausing(pause, now) ? 'failAgain' : 'wait';
  }
  const age = lease === undefined ? 0 : elapsed(lease.start, now);
  if (lease === undefined || age >= lease.lifetimeMilliseconds) {
    // A pause that began while the value was valid ends with the value.
    const paused = pause !== undefined && !pause.whileValid && isPausing(pause, now);
    return !inFlight && paused ? 'failAgain' : 'wait';
  }
  if (age < lease.refreshAtMilliseconds) return 'use';
  const paused = !inFlight && isPausing(pause, now);
  if (paused) return 'use';
  if (lease.lifetimeMilliseconds - age < lastMinuteMilliseconds) return 'waitBriefly';
  return inFlight ? 'use' : 'useAndRefresh';
}

/** True while a value of this lease may be handed out. */
export function isValid(lease: Lease | undefined, now: Instant): lease is Lease {
  return lease !== undefined && elapsed(lease.start, now) < lease.lifetimeMilliseconds;
}

/**
 * A lease that begins now. The refresh point lies in the first quarter of the last third, at a random place: processes
 * that started together drift apart, and at least a quarter of the life is left to sit out an outage.
 */
export function startLease(lifetimeMilliseconds: number, start: Instant, random: number): Lease {
  const refreshAtMilliseconds = lifetimeMilliseconds * (2 / 3 + random / 12);
  return { start, lifetimeMilliseconds, refreshAtMilliseconds };
}

/** What is known of a failure that a pause follows. */
export interface FailureFacts {
  readonly now: Instant;
  /** Whether the held value is still valid. */
  readonly whileValid: boolean;
  /** The pause before this failure, when it was a failure that came before and not a success. */
  readonly previous: Pause | undefined;
  /** The least the pause must last, from the error: a refusal's 30 seconds, or the service's `Retry-After`. */
  readonly leastMilliseconds: number;
}

/**
 * The pause after a failure. With a valid value in hand 30 s doubling to 5 minutes, else 1 s doubling to 30 s; half as
 * long again at random.
 */
export function startPause(facts: FailureFacts, random: number): Pause {
  const { now, whileValid, previous, leastMilliseconds } = facts;
  const failures = previous?.whileValid === whileValid ? previous.failures + 1 : 1;
  const { base, longest } = whileValid ? validPause : emptyPause;
  const growing = Math.min(base * 2 ** (failures - 1), longest);
  const milliseconds = Math.max(growing, leastMilliseconds) * (1 + random / 2);
  return { start: now, milliseconds, failures, whileValid };
}

function isPausing(pause: Pause | undefined, now: Instant): boolean {
  return pause !== undefined && elapsed(pause.start, now) < pause.milliseconds;
}

/**
 * Time gone by, by whichever clock has moved further. The wall clock may be set back and the monotonic one may stand
 * still in sleep: taking the larger never hands out what has expired, and never waits longer than meant.
 */
function elapsed(start: Instant, now: Instant): number {
  return Math.max(now.wall - start.wall, now.monotonic - start.monotonic);
}
