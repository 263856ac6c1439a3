import { startDeadline } from '../../src/transport/deadline.js';
import { callWithCache, type CacheOrder } from '../../src/cache/call-with-cache.js';
import { formatCachedSession, type CachedSession } from '../../src/cache/cached-session.js';
import type { SessionCache } from '../../src/cache/session-cache.js';
import type { Runtime } from '../../src/runtime.js';
import type { SentSession } from '../../src/send-create-session.js';
import type { VirtualRuntime } from '../support/virtual-runtime.js';

export const minute = 60_000;

/** The key that every order here has. */
export const key = 'a'.repeat(64);

/** A cache in memory, whose lock is one flag. */
export interface MemoryCache extends SessionCache {
  readonly texts: Map<string, string>;
  readonly isLocked: boolean;
}

export function createMemoryCache(): MemoryCache {
  const texts = new Map<string, string>();
  let isLocked = false;
  return {
    texts,
    get isLocked() {
      return isLocked;
    },
    read: async (name) => texts.get(name),
    write: async (name, text) => void texts.set(name, text),
    lock: async () => {
      if (isLocked) return undefined;
      isLocked = true;
      return async () => {
        isLocked = false;
      };
    },
  };
}

/** A session of an hour, as the service gives it. */
export function sentSession(now: number, accessKeyId = 'ASIANEW'): SentSession {
  const expiration = new Date(now + 60 * minute);
  return {
    session: {
      credentials: { accessKeyId, secretAccessKey: 'secret', sessionToken: 'token', expiration },
      roleArn: 'arn:role',
      assumedRoleArn: 'arn:assumed',
      assumedRoleId: 'AROA:x',
      accountId: '111122223333',
      sourceIdentity: 'CN=x',
      subjectArn: 'arn:subject',
      packedPolicySize: 1,
      $metadata: { requestId: 'request-1' },
    },
    lifetimeMilliseconds: 60 * minute,
  };
}

/** An hour's session as another process has left it. */
export function entryOf(
  now: number,
  ageMilliseconds: number,
  more: Partial<CachedSession> = {},
): CachedSession {
  const createdMilliseconds = now - ageMilliseconds;
  const { session, lifetimeMilliseconds } = sentSession(createdMilliseconds, 'ASIAOLD');
  return { credentials: session.credentials, createdMilliseconds, lifetimeMilliseconds, ...more };
}

export async function leaveEntry(cache: MemoryCache, entry: CachedSession): Promise<void> {
  cache.texts.set(key, await formatCachedSession(entry));
}

/** What became of a call, for tests that do not know whether it has ended. */
export interface Ordered {
  readonly troubles: readonly unknown[];
  readonly hits: number;
  readonly calls: number;
  readonly ended: Promise<SentSession>;
}

/** Starts a call with this cache, whose time limit is 20 s. */
export function order(init: Partial<CacheOrder> & Pick<CacheOrder, 'cache'>, runtime: Runtime): Ordered {
  const troubles: unknown[] = [];
  let [hits, calls] = [0, 0];
  const { call = async () => sentSession(runtime.now()), ...more } = init;
  const ended = callWithCache(
    {
      forceRefresh: false,
      correctionMilliseconds: 0,
      deadline: startDeadline(20_000, runtime, init.abortSignal),
      roleArn: 'arn:role',
      key: async () => key,
      uptime: async () => undefined,
      isKnown: () => false,
      onTrouble: (error) => void troubles.push(error),
      onHit: () => {
        hits += 1;
      },
      call: () => {
        calls += 1;
        return call();
      },
      ...more,
    },
    runtime,
  );
  // Looked at later.
  ended.catch(() => undefined);
  return {
    troubles,
    ended,
    get hits() {
      return hits;
    },
    get calls() {
      return calls;
    },
  };
}

/** Waits for what the thread pool does, for which a virtual clock must not go on. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, but not while the thread pool computes a hash, until something has ended. */
export async function endOf<T extends object>(ended: Promise<T>, runtime: VirtualRuntime): Promise<T> {
  const hashing = watchHashing();
  try {
    for (;;) {
      const value = await Promise.race([ended, Promise.resolve(undefined)]);
      if (value !== undefined) return value;
      await runtime.advance(50);
      await until(() => hashing.pending === 0);
    }
  } finally {
    hashing.stop();
  }
}

/** Counts the hashes that are being computed. */
function watchHashing(): { readonly pending: number; stop(): void } {
  const { subtle } = crypto;
  let pending = 0;
  const digest: typeof subtle.digest = async (...args) => {
    pending += 1;
    try {
      return await SubtleCrypto.prototype.digest.apply(subtle, args);
    } finally {
      pending -= 1;
    }
  };
  Object.defineProperty(subtle, 'digest', { value: digest, configurable: true });
  return {
    get pending() {
      return pending;
    },
    stop: () => void Reflect.deleteProperty(subtle, 'digest'),
  };
}
