import type { Runtime } from '../../src/runtime.js';

export interface VirtualRuntime extends Runtime {
  /** Lets time pass by both clocks, runs the timers that fall due, and lets promises settle. */
  advance(milliseconds: number): Promise<void>;
  /** Sets the wall clock, as an administrator does: the monotonic clock does not notice. */
  jump(milliseconds: number): void;
  /** Callers that keep the process alive at this moment. */
  readonly holds: number;
  /** Timers that are armed at this moment. */
  readonly timers: number;
}

/** A clock that stands still until it is told to go on. Not for code that waits for sockets. */
export function createVirtualRuntime(random: () => number = () => 0.5): VirtualRuntime {
  let wall = Date.parse('2026-11-25T12:00:00Z');
  let monotonic = 1000;
  let holds = 0;
  let timers: readonly { readonly at: number; readonly callback: () => void }[] = [];
  const step = async (until: number): Promise<void> => {
    await settle();
    for (;;) {
      const due = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers = timers.filter((timer) => timer !== due);
      wall += due.at - monotonic;
      monotonic = due.at;
      due.callback();
      await settle();
    }
    wall += until - monotonic;
    monotonic = until;
    await settle();
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    random,
    after: (milliseconds, callback) => {
      const timer = { at: monotonic + milliseconds, callback };
      timers = [...timers, timer];
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    hold: () => {
      holds += 1;
      return () => {
        holds -= 1;
      };
    },
    advance: (milliseconds) => step(monotonic + milliseconds),
    jump: (milliseconds) => {
      wall += milliseconds;
    },
    get holds() {
      return holds;
    },
    get timers() {
      return timers.length;
    },
  };
}

/** Lets every promise that can settle without time passing settle. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
