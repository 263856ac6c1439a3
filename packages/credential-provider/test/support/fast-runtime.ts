import { systemRuntime, type Runtime } from '../../src/runtime.js';

export interface FastRuntime extends Runtime {
  /** Lets both clocks go forward at once, without calling anybody. */
  skip(milliseconds: number): void;
}

/** Real time that runs so many times faster, for code that waits for real sockets. */
export function createFastRuntime(speed: number, random: () => number = () => 0.5): FastRuntime {
  const started = { wall: Date.now(), monotonic: performance.now() };
  let skipped = 0;
  const elapsed = (): number => (performance.now() - started.monotonic) * speed + skipped;
  return {
    ...systemRuntime,
    random,
    now: () => Math.round(started.wall + elapsed()),
    monotonic: () => started.monotonic + elapsed(),
    after: (milliseconds, callback) => systemRuntime.after(milliseconds / speed, callback),
    skip: (milliseconds) => {
      skipped += milliseconds;
    },
  };
}
