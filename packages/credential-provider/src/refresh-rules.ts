import { elapsed, type Instant } from './instant.js';
import type { Lease } from './lease.js';
import { isPausing, type Pause } from './refresh-pause.js';

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
