import { expect, test } from '@jest/globals';
import type { SessionCache } from '../../src/cache/session-cache.js';
import type { SentSession } from '../../src/send-create-session.js';
import { createRandom } from '../support/random.js';
import { createVirtualRuntime, type VirtualRuntime } from '../support/virtual-runtime.js';
import { createMemoryCache, endOf, minute, order, sentSession, type Ordered } from './cache-order.js';

const rounds = 500;
const processes = 4;

interface Round {
  readonly runtime: VirtualRuntime;
  readonly random: () => number;
  /** Every step of it takes a time of its own. */
  readonly cache: SessionCache;
}

/** @param spoil - what may become of a step */
function createRound(seed: number, spoil: <T>(value: T, random: () => number) => T): Round {
  const random = createRandom(seed);
  const runtime = createVirtualRuntime(random);
  const memory = createMemoryCache();
  const later = async <T>(step: () => Promise<T>): Promise<T> => {
    await pause(runtime, random() * 40);
    const value = await step();
    await pause(runtime, random() * 40);
    return spoil(value, random);
  };
  const cache: SessionCache = {
    read: (name) => later(() => memory.read(name)),
    write: (name, text, expiration) => later(() => memory.write(name, text, expiration)),
    lock: (name, milliseconds) => later(() => memory.lock(name, milliseconds)),
  };
  return { runtime, random, cache };
}

function pause(runtime: VirtualRuntime, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    runtime.after(milliseconds, resolve);
  });
}

/** Processes that start within 100 ms, and whose call takes up to half a second. */
async function play({ runtime, random, cache }: Round): Promise<{
  readonly ordered: readonly Ordered[];
  readonly sent: readonly SentSession[];
}> {
  const call = async (): Promise<SentSession> => {
    await pause(runtime, random() * 500);
    return sentSession(runtime.now());
  };
  const started = Array.from({ length: processes }, async () => {
    await pause(runtime, random() * 100);
    return { ordered: order({ cache, call }, runtime) };
  });
  const all = await endOf(Promise.all(started), runtime);
  const sent = await endOf(Promise.all(all.map(({ ordered }) => ordered.ended)), runtime);
  return { ordered: all.map(({ ordered }) => ordered), sent };
}

test(`in ${rounds} random interleavings there is one call in all`, async () => {
  for (let seed = 1; seed <= rounds; seed += 1) {
    const { ordered, sent } = await play(createRound(seed, (value) => value));
    expect([seed, ordered.reduce((sum, { calls }) => sum + calls, 0)]).toEqual([seed, 1]);
    expect(sent.every(({ session }) => session.credentials.accessKeyId === 'ASIANEW')).toBe(true);
  }
}, 60_000);

test(`in ${rounds} random interleavings with a cache that fails and spoils, everybody gets a whole and valid session`, async () => {
  const spoil = <T>(value: T, random: () => number): T => {
    const chance = random();
    if (chance < 0.2) throw new Error('the cache fails');
    // Half of a text, as a torn write leaves it.
    return chance < 0.4 && typeof value === 'string' ? (value.slice(0, value.length / 2) as T) : value;
  };
  for (let seed = 1; seed <= rounds; seed += 1) {
    const round = createRound(seed, spoil);
    const { sent } = await play(round);
    for (const { session, lifetimeMilliseconds } of sent) {
      const { secretAccessKey, sessionToken, expiration } = session.credentials;
      expect([secretAccessKey, sessionToken]).toEqual(['secret', 'token']);
      expect(expiration.getTime()).toBeGreaterThan(round.runtime.now());
      expect(lifetimeMilliseconds).toBeGreaterThan(59 * minute);
    }
  }
}, 60_000);
