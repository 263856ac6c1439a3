/**
 * Time, chance and timers, handed to everything that needs them, so that tests run on a clock of their own.
 */
export interface Runtime {
  /** Milliseconds since the epoch by the wall clock, which jumps whenever somebody sets it. */
  now(): number;
  /** Milliseconds that only ever grow; may stand still while the machine sleeps. */
  monotonic(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Calls back once after `milliseconds`. The timer does not keep a finished process alive. Returns its cancellation. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Keeps the process alive, for a caller who waits, until the returned function is called. */
  hold(): () => void;
}

/** The longest delay a timer takes, about 24.8 days. */
export const maximumTimerMilliseconds = 2 ** 31 - 1;

/** The real clock, `Math.random` and real timers. */
export const systemRuntime: Runtime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, maximumTimerMilliseconds));
    unref(timer);
    return () => clearTimeout(timer);
  },
  hold: () => {
    const timer = setTimeout(() => undefined, maximumTimerMilliseconds);
    return () => clearTimeout(timer);
  },
};

/** Only Node's timers can be unreferenced; browsers and Workers give a number. */
function unref(timer: unknown): void {
  if (typeof timer !== 'object' || timer === null || !('unref' in timer)) return;
  if (typeof timer.unref === 'function') timer.unref();
}
