import type { Runtime } from './runtime.js';

/** Waits, and keeps the process alive meanwhile: a flight alone never does, a caller who waits for it does. */
export async function holding<T>(runtime: Runtime, promise: Promise<T>): Promise<T> {
  const release = runtime.hold();
  try {
    return await promise;
  } finally {
    release();
  }
}

/**
 * What the promise brings, or undefined when that takes longer.
 * @param promise - one that never rejects
 */
export function within<T>(
  runtime: Runtime,
  milliseconds: number,
  promise: Promise<T>,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const cancel = runtime.after(milliseconds, () => resolve(undefined));
    const arrive = (value: T): void => {
      cancel();
      resolve(value);
    };
    void promise.then(arrive);
  });
}
