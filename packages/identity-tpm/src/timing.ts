import { setTimeout as pause } from 'node:timers/promises';

/** Where time comes from. */
export interface Timing {
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Calls back once when the time is over, unless the function that it gives is called before. */
  readonly after: (milliseconds: number, late: () => void) => () => void;
}

/** The clock and the timers of this process. */
export const SYSTEM_TIMING: Timing = {
  clock: () => new Date(),
  sleep: (milliseconds) => pause(milliseconds),
  after(milliseconds, late) {
    const timer = setTimeout(late, milliseconds);
    return () => clearTimeout(timer);
  },
};
