import { SessionError } from '../errors.js';
import type { Runtime } from '../runtime.js';
import { within } from '../waiting.js';
import type { SessionCache } from './session-cache.js';

/** A cache that takes longer is slower than the service. */
const longestWorkMilliseconds = 1000;

/** Lets a cache work for one call: bounded in time, and without ever failing. */
export interface CacheGuard {
  /** What the work brings; undefined when it fails or takes over a second, and at once after it took that long before. */
  attempt<T>(work: () => Promise<T>): Promise<T | undefined>;
  /** {@link attempt} also where an earlier work took too long: for what must be tried. */
  insist<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/** @param onTrouble - told of each failure. Must not throw. */
export function createCacheGuard(runtime: Runtime, onTrouble: (error: unknown) => void): CacheGuard {
  let slow = false;
  const insist = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    const outcome = await within(runtime, longestWorkMilliseconds, outcomeOf(work));
    if (outcome !== undefined && 'value' in outcome) return outcome.value;
    slow ||= outcome === undefined;
    onTrouble(outcome === undefined ? tooSlow() : outcome.error);
    return undefined;
  };
  return { insist, attempt: async (work) => (slow ? undefined : insist(work)) };
}

/** The key's lock as far as it could be had. */
export interface LockAttempt {
  /** Undefined when another process holds it. */
  readonly release: (() => Promise<void>) | undefined;
}

/** What {@link takeLock} needs. */
export interface LockWish {
  readonly cache: SessionCache;
  readonly key: string;
  readonly milliseconds: number;
  /** Rejects when nobody wants the lock any more. */
  race<T>(promise: Promise<T>): Promise<T>;
}

/** Takes the lock; undefined when the cache fails. One that arrives after everybody has gone is given back at once. */
export async function takeLock(guard: CacheGuard, wish: LockWish): Promise<LockAttempt | undefined> {
  let gone = false;
  const work = async (): Promise<LockAttempt> => {
    const release = await wish.cache.lock(wish.key, wish.milliseconds);
    if (gone && release !== undefined) await release();
    return { release };
  };
  try {
    return await wish.race(guard.attempt(work));
  } finally {
    gone = true;
  }
}

/** Also of a function that throws before there is a promise. */
async function outcomeOf<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

function tooSlow(): SessionError {
  const message = `The session cache did not answer within ${longestWorkMilliseconds} ms.`;
  return new SessionError({ code: 'TIMED_OUT', message });
}
