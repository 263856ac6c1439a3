import type { Timing } from './timing.js';

/** The timers of one thing, which all end with it. */
export interface Timers {
  /** @returns what calls it off */
  after(milliseconds: number, call: () => void): () => void;
  stopAll(): void;
}

/** None yet. A finished process does not wait for them. */
export function createTimers(timing: Timing): Timers {
  const running = new Set<() => void>();
  return {
    after(milliseconds, call) {
      const cancelTimer = timing.background(milliseconds, () => {
        running.delete(cancel);
        call();
      });
      function cancel(): void {
        running.delete(cancel);
        cancelTimer();
      }
      running.add(cancel);
      return cancel;
    },
    stopAll() {
      for (const cancel of running) cancel();
    },
  };
}
