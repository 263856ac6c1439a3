import type { PauseDemand } from './errors.js';
import { elapsed, type Instant } from './instant.js';
import { remainingLife, type Lease } from './lease.js';
import { throttledWait } from './retry.js';

/** The time after a failure in which nothing is asked. */
export interface Pause {
  readonly start: Instant;
  readonly milliseconds: number;
  /** Failures in a row of the same kind, 1 or more. */
  readonly failures: number;
  /** When the first flight of that row began. */
  readonly since: Instant;
  /** True when a valid value was in hand as the failed flight began. Such a pause ends with that value. */
  readonly whileValid: boolean;
}

/** What is known of a failure that a pause follows. */
export interface FailureFacts {
  readonly now: Instant;
  /** When the failed flight began. */
  readonly flightStart: Instant;
  /** Of the held value, valid or not. */
  readonly lease: Lease | undefined;
  /** The pause before this failure, when it was a failure that came before and not a success. */
  readonly previous: Pause | undefined;
  readonly demand: PauseDemand;
}

const second = 1000;

const shortestPatientMilliseconds = 30 * second;

/** With a value in hand: after the first failure, the second, and every later one. */
const patientMilliseconds = [shortestPatientMilliseconds, 120 * second] as const;
const longestPatientMilliseconds = 900 * second;

/** Nothing in hand: 1 s doubling to 30 s. */
const firstEagerMilliseconds = second;
const longestEagerMilliseconds = 30 * second;

/** Patience ends here: in its last four and a half minutes a value is worth an attempt every half minute. */
const patienceEndsMilliseconds = 270 * second;

/** True until the pause is over. */
export function isPausing(pause: Pause | undefined, now: Instant): boolean {
  return pause !== undefined && elapsed(pause.start, now) < pause.milliseconds;
}

/**
 * The pause after a failure.
 *
 * - With a valid value in hand 30 s, two minutes, then 15 minutes, but never into the last four and a half minutes of the
 *   value, in which it is 30 s again: after an outage those who are nearest to the end ask often, and the others leave them
 *   the service. After throttling it reaches to those minutes at once.
 * - With nothing valid in hand 1 s doubling to 30 s; after throttling {@link throttledWait}, which grows with the time that
 *   the throttling has lasted.
 * @param random - in [0, 1)
 */
export function startPause(facts: FailureFacts, random: number): Pause {
  const { now, lease } = facts;
  // By its start: a value that ended during the flight must not hold up the flight that is needed now.
  const whileValid = remainingLife(lease, facts.flightStart) > 0;
  const row = facts.previous?.whileValid === whileValid ? facts.previous : undefined;
  const failures = (row?.failures ?? 0) + 1;
  const since = row?.since ?? facts.flightStart;
  const failure = { demand: facts.demand, failures, lasted: elapsed(since, now) };
  const milliseconds = whileValid
    ? patientPause(failure, remainingLife(lease, now), random)
    : eagerPause(failure, random);
  return { start: now, milliseconds, failures, since, whileValid };
}

interface Failure {
  readonly demand: PauseDemand;
  readonly failures: number;
  /** How long the row has lasted. */
  readonly lasted: number;
}

function patientPause({ demand, failures }: Failure, remaining: number, random: number): number {
  const jitter = 1 + random / 4;
  const untilTheEndIsNear = (remaining - patienceEndsMilliseconds) * (0.9 + random / 10);
  const growing = demand.throttled ? undefined : patientMilliseconds[failures - 1];
  const patience = Math.min((growing ?? longestPatientMilliseconds) * jitter, untilTheEndIsNear);
  return Math.max(patience, Math.max(shortestPatientMilliseconds, demand.leastMilliseconds) * jitter);
}

function eagerPause({ demand, failures, lasted }: Failure, random: number): number {
  const least = demand.leastMilliseconds * (1 + random / 2);
  if (demand.throttled) return Math.max(throttledWait(lasted, random), least);
  const growing = Math.min(firstEagerMilliseconds * 2 ** (failures - 1), longestEagerMilliseconds);
  return Math.max(growing * (1 + random / 2), least);
}
