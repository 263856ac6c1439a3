import type { Timing } from './timing.js';

/** Those who wait for the next message, each for a bounded time. */
export interface WaitingRoom {
  /**
   * @param milliseconds - how long at most
   * @param late - makes the error when the time is over
   */
  wait(milliseconds: number, late: () => Error): Promise<void>;
  /** A message came. */
  wake(): void;
  /** No message will come for them. */
  fail(error: Error): void;
  isAwaited(): boolean;
}

/** An empty one. Whoever waits in it keeps the process alive. */
export function createWaitingRoom(timing: Timing): WaitingRoom {
  /** How each one's waiting ends: with an error, or well. */
  const waiting = new Set<(error?: Error) => void>();

  function endAll(error?: Error): void {
    for (const end of waiting) end(error);
  }

  return {
    wait(milliseconds, late) {
      return new Promise((resolve, reject) => {
        const cancel = timing.foreground(milliseconds, () => end(late()));
        function end(error?: Error): void {
          cancel();
          waiting.delete(end);
          if (error === undefined) resolve();
          else reject(error);
        }
        waiting.add(end);
      });
    },
    wake: () => endAll(),
    fail: (error) => endAll(error),
    isAwaited: () => waiting.size > 0,
  };
}
