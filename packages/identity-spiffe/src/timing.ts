/** Where time and chance come from. Timers give the function that calls them off. */
export interface Timing {
  readonly clock: () => Date;
  /** Evenly spread, from 0 up to but not including 1. */
  readonly random: () => number;
  /** A timer that a finished process does not wait for. */
  readonly background: (milliseconds: number, call: () => void) => () => void;
  /** A timer that keeps the process alive: somebody waits for an answer. */
  readonly foreground: (milliseconds: number, call: () => void) => () => void;
}

/** The clock, the timers and the dice of this process. */
export const SYSTEM_TIMING: Timing = {
  clock: () => new Date(),
  random: () => Math.random(),
  background(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
  foreground(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};
