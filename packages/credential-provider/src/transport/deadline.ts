import { SessionError } from '../errors.js';
import type { Runtime } from '../runtime.js';

/** A limit in time on everything that is raced against it. */
export interface Deadline {
  /** Aborted when the time is up, or when the outer signal is. */
  readonly signal: AbortSignal;
  remainingMilliseconds(): number;
  /**
   * Settles as the promise does, or rejects first: with {@link SessionError} `TIMED_OUT` and this message when the time is
   * up, with the outer signal's reason when that is aborted. The promise is left to itself then; its rejection is taken care of.
   */
  race<T>(promise: Promise<T>, message: string): Promise<T>;
  /** Stops the clock. To be called when nothing is raced any more. */
  end(): void;
}

/** Starts a deadline. Its timer does not keep the process alive. */
export function startDeadline(milliseconds: number, runtime: Runtime, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const started = runtime.monotonic();
  const onOuterAbort = (): void => controller.abort(outer?.reason);
  const cancelTimer = runtime.after(milliseconds, () => controller.abort(timeUp));
  if (outer?.aborted === true) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  return {
    signal,
    remainingMilliseconds: () => Math.max(0, milliseconds - (runtime.monotonic() - started)),
    race: (promise, message) => raced(promise, signal, message),
    end: () => {
      cancelTimer();
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}

const timeUp = Symbol('time is up');

function raced<T>(promise: Promise<T>, signal: AbortSignal, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      const reason: unknown = signal.reason;
      reject(reason === timeUp ? new SessionError({ code: 'TIMED_OUT', message }) : reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
