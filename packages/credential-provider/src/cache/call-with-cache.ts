import type { Runtime } from '../runtime.js';
import type { SentSession } from '../send-create-session.js';
import type { Deadline } from '../transport/deadline.js';
import { openShelf, type SessionShelf, type ShelfInit } from './session-shelf.js';

/** The longest that one process waits for another's call. */
const longestWaitMilliseconds = 30_000;

/** The first wait for another's lock; the next ones grow. */
const firstPollMilliseconds = 25;
const longestPollMilliseconds = 250;

/** A call that other processes may have made already. */
export interface CacheOrder extends ShelfInit {
  /** True: what is in the cache is not wanted; the new session is written all the same. */
  readonly forceRefresh: boolean;
  readonly deadline: Deadline;
  /** The caller's, who wants nothing any more once it is aborted. */
  readonly abortSignal?: AbortSignal | undefined;
  onHit(): void;
  call(): Promise<SentSession>;
}

/**
 * A fresh session from the cache, or a call under the cache's lock whose answer is written there. Waits for another process at most
 * half of the time that is left, then calls by itself. When the call fails, what is left of a session in the cache
 * will do, unless this provider had it already. Nothing that the cache does makes the call fail.
 */
export async function callWithCache(order: CacheOrder, runtime: Runtime): Promise<SentSession> {
  const { deadline, forceRefresh } = order;
  const race = <T>(promise: Promise<T>): Promise<T> => deadline.race(promise, waitingText);
  const shelf = await race(openShelf(order, runtime));
  if (shelf === undefined) return order.call();
  const started = deadline.remainingMilliseconds();
  const until = Math.max(started / 2, started - longestWaitMilliseconds);
  for (let wait = firstPollMilliseconds; ; wait = Math.min(wait * 1.5, longestPollMilliseconds)) {
    const hit = await findFresh(order, shelf);
    if (hit !== undefined) return hit;
    const lock = await shelf.lock(deadline.remainingMilliseconds(), race);
    if (lock?.release !== undefined) return callAsHolder(order, shelf, lock.release);
    if (lock === undefined || forceRefresh || deadline.remainingMilliseconds() <= until) {
      return callAndKeep(order, shelf);
    }
    await race(sleep(wait * (0.5 + runtime.random()), runtime));
  }
}

const waitingText = 'The session cache, or another process that held its lock, took all of the time.';

async function callAsHolder(
  order: CacheOrder,
  shelf: SessionShelf,
  release: () => Promise<void>,
): Promise<SentSession> {
  try {
    // Whoever held the lock before may have written since.
    return (await findFresh(order, shelf)) ?? (await callAndKeep(order, shelf));
  } finally {
    await shelf.unlock(release);
  }
}

async function callAndKeep(order: CacheOrder, shelf: SessionShelf): Promise<SentSession> {
  try {
    const sent = await order.call();
    await shelf.keep(sent);
    return sent;
  } catch (error) {
    const unwanted = order.forceRefresh || order.abortSignal?.aborted === true;
    const found = unwanted ? undefined : await shelf.find();
    if (found === undefined) throw error;
    order.onHit();
    return found.sent;
  }
}

async function findFresh(order: CacheOrder, shelf: SessionShelf): Promise<SentSession | undefined> {
  if (order.forceRefresh) return undefined;
  const found = await order.deadline.race(shelf.find(), waitingText);
  if (found?.fresh !== true) return undefined;
  order.onHit();
  return found.sent;
}

function sleep(milliseconds: number, runtime: Runtime): Promise<void> {
  return new Promise((resolve) => {
    runtime.after(milliseconds, resolve);
  });
}
