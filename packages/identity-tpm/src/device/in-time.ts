import { type ConnectOptions, late } from './connection.js';

/**
 * What a promise gives, unless that takes too long; it goes on then, and nobody hears of it.
 *
 * @throws TpmError `late`, and what the promise rejects with
 */
export async function inTime<Answer>(
  promise: Promise<Answer>,
  { timing, limitMilliseconds }: ConnectOptions,
): Promise<Answer> {
  let cancel: (() => void) | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    cancel = timing.after(limitMilliseconds, () => reject(late(limitMilliseconds)));
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    cancel?.();
  }
}
