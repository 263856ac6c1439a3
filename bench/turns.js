/** How long work holds the event loop, and malformed inputs to try: for processes that measure one source of keys. */
import { readFileSync } from 'node:fs';

/**
 * Milliseconds of the longest turn of the event loop while something is done.
 * @param work - an async function
 * @param clock - what counts: {@link worked} or {@link passed}
 */
export async function longestTurn(work, clock = worked) {
  let [longest, last, isPending] = [0, clock(), true];
  const turn = () => {
    const now = clock();
    longest = Math.max(longest, now - last);
    last = now;
    if (isPending) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isPending = false;
  await new Promise((resolve) => setImmediate(resolve));
  return longest;
}

/** The same while an identity is loaded, and makes 200 signatures at once. */
export function longestTurnOf(provider, clock = worked) {
  return longestTurn(async () => {
    const { key } = await provider();
    const message = Buffer.from('x'.repeat(160));
    await Promise.all(Array.from({ length: 200 }, () => key.sign(message)));
  }, clock);
}

/**
 * What the main thread has worked, where Linux tells it. Not the time of the clock, since a busy machine takes the processor away for
 * longer than a turn lasts; not that of other threads, which may work for as long as they like.
 */
export function worked() {
  return schedule()?.[0] ?? performance.now();
}

/** The time of the clock without that in which the main thread waited for a processor: counts also calls that wait and do not work. */
export function passed() {
  return performance.now() - (schedule()?.[1] ?? 0);
}

/** Milliseconds of work and of waiting for a processor. */
function schedule() {
  try {
    const text = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8');
    return text.split(' ').map((nanoseconds) => Number(nanoseconds) / 1e6);
  } catch {
    return undefined;
  }
}

/**
 * The longest that the process works on one of the inputs, and how many there are.
 * @param inputs - iterated over once
 * @param attempt - tries one; rejects with what is no typed error
 */
export async function longestAttempt(inputs, attempt) {
  let [longest, count] = [0, 0];
  for (const input of inputs) {
    const before = process.cpuUsage();
    await attempt(input);
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    count += 1;
  }
  return { longest, count };
}

/** For `catch`: an error of this project is what malformed input should end in. */
export function expectTyped(error) {
  if (!/^[A-Z]+(_[A-Z]+)+$/.test(error.code)) throw error;
}

/** Copies with one to four octets changed, by a generator with a fixed seed, so that every run tries the same. */
export function* mutationsOf(good, count) {
  let state = 1;
  const next = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let done = 0; done < count; done += 1) {
    const data = Buffer.from(good);
    for (let change = next(4); change >= 0; change -= 1) {
      data[next(data.length)] = next(2) === 0 ? next(256) : [0, 0x30, 0x80, 0x84, 0xff][next(5)];
    }
    yield data;
  }
}

/** Every beginning. */
export function* truncationsOf(good) {
  for (let length = 0; length < good.length; length += 1) yield good.subarray(0, length);
}
