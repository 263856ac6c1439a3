import { beforeEach, describe, expect, test } from '@jest/globals';
import { SessionError } from '../../src/errors.js';
import { startDeadline } from '../../src/transport/deadline.js';
import { createVirtualRuntime, type VirtualRuntime } from '../support/virtual-runtime.js';
import {
  createMemoryCache,
  endOf,
  entryOf,
  key,
  leaveEntry,
  minute,
  order,
  sentSession,
  until,
  type MemoryCache,
} from './cache-order.js';

const second = 1000;
const outage = async (): Promise<never> => {
  throw new SessionError({ code: 'NETWORK_FAILED', message: 'outage' });
};
const never = <T>(): Promise<T> => new Promise(() => undefined);

let runtime: VirtualRuntime;
let cache: MemoryCache;

beforeEach(() => {
  runtime = createVirtualRuntime();
  cache = createMemoryCache();
});

describe('a session in the cache', () => {
  test('is taken in its first two thirds, with its age and what is left of it', async () => {
    await leaveEntry(cache, entryOf(runtime.now(), 36 * minute));
    const ordered = order({ cache }, runtime);
    expect(await ordered.ended).toMatchObject({
      session: { credentials: { accessKeyId: 'ASIAOLD' }, roleArn: 'arn:role' },
      ageMilliseconds: 36 * minute,
      lifetimeMilliseconds: 24 * minute,
    });
    expect([ordered.hits, ordered.calls]).toEqual([1, 0]);
  });

  test('is replaced in its last third', async () => {
    await leaveEntry(cache, entryOf(runtime.now(), 45 * minute));
    expect((await order({ cache }, runtime).ended).session.credentials.accessKeyId).toBe('ASIANEW');
    expect(cache.texts.get(key)).toContain('ASIANEW');
  });

  test('is replaced when a new one is demanded', async () => {
    await leaveEntry(cache, entryOf(runtime.now(), 0));
    const { session } = await order({ cache, forceRefresh: true }, runtime).ended;
    expect(session.credentials.accessKeyId).toBe('ASIANEW');
    expect(cache.texts.get(key)).toContain('ASIANEW');
  });

  test('is not taken by a provider that had it already', async () => {
    await leaveEntry(cache, entryOf(runtime.now(), 0));
    const ordered = order({ cache, isKnown: (id) => id === 'ASIAOLD' }, runtime);
    expect((await ordered.ended).session.credentials.accessKeyId).toBe('ASIANEW');
    expect(ordered.hits).toBe(0);
  });

  test('that was made before the clock was set back is not taken', async () => {
    const uptime = async (): Promise<number> => runtime.monotonic();
    const before = order({ cache, uptime }, runtime);
    await before.ended;
    await runtime.advance(50 * minute);
    runtime.jump(-40 * minute);
    const after = order({ cache, uptime }, runtime);
    await after.ended;
    expect(after.calls).toBe(1);
  });
});

describe('when the call fails', () => {
  test('what is left of a session in the cache will do', async () => {
    await leaveEntry(cache, entryOf(runtime.now(), 45 * minute));
    const ordered = order({ cache, call: outage }, runtime);
    expect(await ordered.ended).toMatchObject({
      session: { credentials: { accessKeyId: 'ASIAOLD' } },
      ageMilliseconds: 45 * minute,
      lifetimeMilliseconds: 15 * minute,
    });
    expect(cache.isLocked).toBe(false);
  });

  test.each([
    ['has ended', { age: 61 * minute }],
    ['is one that this provider had already', { age: 45 * minute, isKnown: () => true }],
    ['is not wanted', { age: 45 * minute, forceRefresh: true }],
  ])('the error is told when the session in the cache %s', async (_name, { age, ...init }) => {
    await leaveEntry(cache, entryOf(runtime.now(), age));
    const ordered = order({ cache, call: outage, ...init }, runtime);
    await expect(ordered.ended).rejects.toHaveProperty('code', 'NETWORK_FAILED');
    expect(cache.isLocked).toBe(false);
  });

  test('for lack of time, the lock is freed and the cache is not blamed', async () => {
    const deadline = startDeadline(5 * second, runtime);
    const ordered = order({ cache, deadline, call: () => deadline.race(never(), 'late') }, runtime);
    await runtime.advance(6 * second);
    await expect(ordered.ended).rejects.toHaveProperty('code', 'TIMED_OUT');
    expect(ordered.troubles).toEqual([]);
    expect(cache.isLocked).toBe(false);
  });

  test('because it was aborted, the lock is freed, the cache is not blamed, and no session is given', async () => {
    await leaveEntry(cache, entryOf(runtime.now(), 45 * minute));
    const controller = new AbortController();
    const { signal: abortSignal } = controller;
    const deadline = startDeadline(5 * second, runtime, abortSignal);
    const call = (): Promise<never> => deadline.race(never<never>(), 'late');
    const ordered = order({ cache, deadline, abortSignal, call }, runtime);
    await until(() => ordered.calls === 1);
    controller.abort(new Error('enough'));
    await expect(ordered.ended).rejects.toThrow('enough');
    expect(ordered.troubles).toEqual([]);
    expect(cache.isLocked).toBe(false);
  });
});

describe('while another process holds the lock', () => {
  test('its session is waited for', async () => {
    const first = order(
      {
        cache,
        call: () => new Promise((resolve) => runtime.after(2000, () => resolve(sentSession(runtime.now())))),
      },
      runtime,
    );
    await runtime.advance(0);
    const waiting = order({ cache }, runtime);
    const { session } = await endOf(waiting.ended, runtime);
    expect(session.credentials.accessKeyId).toBe('ASIANEW');
    expect([first.calls, waiting.calls, waiting.hits]).toEqual([1, 0, 1]);
  });

  test('one that hangs is waited for half of the time, and then passed by', async () => {
    await cache.lock(key, 0);
    const ordered = order({ cache }, runtime);
    await runtime.advance(9 * second);
    expect(ordered.calls).toBe(0);
    await runtime.advance(2 * second);
    await ordered.ended;
    expect(ordered.calls).toBe(1);
    expect(cache.isLocked).toBe(true);
  });

  test('nobody waits longer than 30 seconds, whatever the time limit', async () => {
    await cache.lock(key, 0);
    const ordered = order({ cache, deadline: startDeadline(600 * second, runtime) }, runtime);
    await runtime.advance(31 * second);
    await ordered.ended;
    expect(ordered.calls).toBe(1);
  });

  test('a demanded session does not wait for it', async () => {
    await cache.lock(key, 0);
    const ordered = order({ cache, forceRefresh: true }, runtime);
    await ordered.ended;
    expect(ordered.calls).toBe(1);
  });

  test('an abort ends the waiting at once', async () => {
    await cache.lock(key, 0);
    const controller = new AbortController();
    const ordered = order({ cache, abortSignal: controller.signal }, runtime);
    await runtime.advance(second);
    controller.abort(new Error('enough'));
    await expect(ordered.ended).rejects.toThrow('enough');
    expect(ordered.calls).toBe(0);
  });
});

describe('a cache that fails', () => {
  test.each(['read', 'lock', 'write'] as const)('in %s costs nobody a session', async (name) => {
    const error = new Error('no');
    const fail = (): never => {
      throw error;
    };
    const ordered = order({ cache: { ...cache, [name]: fail } }, runtime);
    await ordered.ended;
    expect(ordered.calls).toBe(1);
    expect(new Set(ordered.troubles)).toEqual(new Set([error]));
  });

  test('for want of a key costs nobody a session', async () => {
    const withoutKey = async (): Promise<never> => Promise.reject(new Error('no crypto'));
    const ordered = order({ cache, key: withoutKey }, runtime);
    await ordered.ended;
    expect([ordered.calls, ordered.troubles.length]).toEqual([1, 1]);
  });

  test.each(['read', 'lock', 'write'] as const)('by hanging in %s costs a second', async (name) => {
    const ordered = order({ cache: { ...cache, [name]: never } }, runtime);
    await runtime.advance(1001);
    await ordered.ended;
    expect(ordered.calls).toBe(1);
    expect(ordered.troubles).toHaveLength(1);
  });

  test('by hanging in everything costs a second, too', async () => {
    const ordered = order({ cache: { read: never, write: never, lock: never } }, runtime);
    await runtime.advance(1001);
    await ordered.ended;
    expect(ordered.troubles).toHaveLength(1);
  });

  test('is left at once when the caller aborts', async () => {
    const controller = new AbortController();
    const ordered = order({ cache: { ...cache, read: never }, abortSignal: controller.signal }, runtime);
    await runtime.advance(100);
    controller.abort(new Error('enough'));
    await expect(ordered.ended).rejects.toThrow('enough');
  });

  test('by a lock that comes late gets it back', async () => {
    const lock: MemoryCache['lock'] = (name, milliseconds) =>
      new Promise((resolve) => runtime.after(5 * second, () => resolve(cache.lock(name, milliseconds))));
    const ordered = order({ cache: { ...cache, lock } }, runtime);
    await runtime.advance(2 * second);
    await ordered.ended;
    await runtime.advance(4 * second);
    expect(cache.isLocked).toBe(false);
  });

  test.each([
    ['half of an entry', '{"version":1,"credentials":{"accessKeyId":"ASIAOLD"'],
    ['an entry without secrets', '{"version":1,"credentials":{"accessKeyId":"ASIAOLD"}}'],
    ['no text', { accessKeyId: 'ASIAOLD' }],
  ])('by giving %s costs a call', async (_name, given) => {
    // What a cache in JavaScript may do, whatever the type says.
    const read = async (): Promise<string> => given as string;
    const ordered = order({ cache: { ...cache, read } }, runtime);
    expect((await ordered.ended).session.credentials).toMatchObject({ accessKeyId: 'ASIANEW' });
  });
});

test('the lock is asked for as long as the call may take', async () => {
  const asked: number[] = [];
  const lock: MemoryCache['lock'] = async (_name, milliseconds) => {
    asked.push(milliseconds);
    return cache.lock(key, milliseconds);
  };
  await order({ cache: { ...cache, lock }, deadline: startDeadline(90 * second, runtime) }, runtime).ended;
  expect(asked).toEqual([95 * second]);
});

test('the cache is told until when an entry is of use', async () => {
  const told: Date[] = [];
  const write: MemoryCache['write'] = async (_key, _text, expiration) => void told.push(expiration);
  await order({ cache: { ...cache, write } }, runtime).ended;
  expect(told).toEqual([new Date(runtime.now() + 60 * minute)]);
});
