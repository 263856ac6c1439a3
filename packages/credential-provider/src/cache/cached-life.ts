import type { CachedSession } from './cached-session.js';

/** The longest that a session lives: 12 hours, and as much again for clocks. */
const longestLifetimeMilliseconds = 24 * 3_600_000;

/** A machine's start, reckoned from its clock, wavers by less than this unless the clock is set. */
const bootToleranceMilliseconds = 2000;

/** The clocks of whoever reads an entry. */
export interface ReadersClock {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What is added to it for the service's time. */
  readonly correctionMilliseconds: number;
  /** When this machine was started, by the same clock; undefined where nobody knows. */
  readonly bootMilliseconds: number | undefined;
}

/** What is left of a cached session. */
export interface CachedLife {
  /** More than 0. */
  readonly remainingMilliseconds: number;
  readonly ageMilliseconds: number;
  /** Whether it is in its first two thirds, in which nobody refreshes. */
  readonly fresh: boolean;
}

/**
 * Judges an entry by the more careful of two measures: its age, and the expiration that the service gave. So neither a clock that
 * was set forward since nor one that was always wrong makes an expired session usable. One that was set back shows in the time
 * of the machine's start, which moves with it; then, and after the end, the entry must not be used: undefined.
 */
export function cachedLife(entry: CachedSession, clock: ReadersClock): CachedLife | undefined {
  const { lifetimeMilliseconds } = entry;
  const age = clock.now - entry.createdMilliseconds;
  const byExpiration = entry.credentials.expiration.getTime() - clock.now - clock.correctionMilliseconds;
  const remainingMilliseconds = Math.min(lifetimeMilliseconds - age, byExpiration);
  const usable = age >= 0 && remainingMilliseconds > 0 && lifetimeMilliseconds <= longestLifetimeMilliseconds;
  if (!usable || wasSetBack(entry, clock)) return undefined;
  const ageMilliseconds = lifetimeMilliseconds - remainingMilliseconds;
  return { remainingMilliseconds, ageMilliseconds, fresh: remainingMilliseconds > lifetimeMilliseconds / 3 };
}

/** A later start is another machine, or this one started anew: that takes nothing from an entry's age. */
function wasSetBack(
  { bootMilliseconds: before }: CachedSession,
  { bootMilliseconds: now }: ReadersClock,
): boolean {
  return before !== undefined && now !== undefined && now < before - bootToleranceMilliseconds;
}
