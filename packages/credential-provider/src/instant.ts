import type { Runtime } from './runtime.js';

/** One moment by both clocks. */
export interface Instant {
  /** By the wall clock, which goes on while the machine sleeps; what it was set back is taken out. */
  readonly wall: number;
  readonly monotonic: number;
}

/** Smaller differences between the clocks come from rounding and from steering, not from a hand. */
const stepMilliseconds = 1000;

/**
 * Reads both clocks. A wall clock that is set back would make young what has aged in sleep, when the monotonic one stood
 * still: so it never runs backwards here.
 */
export function createClock(runtime: Runtime): () => Instant {
  let lead: number | undefined;
  let takenOut = 0;
  return () => {
    const wall = runtime.now();
    const monotonic = runtime.monotonic();
    const current = wall - monotonic;
    lead ??= current;
    if (Math.abs(current - lead) >= stepMilliseconds) {
      takenOut += Math.max(0, lead - current);
      lead = current;
    }
    return { wall: wall + takenOut, monotonic };
  };
}

/** Time gone by, by whichever clock has moved further: never hands out what has expired, never waits longer than meant. */
export function elapsed(start: Instant, now: Instant): number {
  return Math.max(now.wall - start.wall, now.monotonic - start.monotonic);
}
