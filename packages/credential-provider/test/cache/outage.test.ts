import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RolesAnywhereCredentialProvider } from '../../src/index.js';
import { createWatchedWorld, type WatchedWorld } from '../support/watched-provider.js';
import { createMemoryCache, endOf, minute } from './cache-order.js';

const tenSeconds = 10_000;
const faults = 10_000;

let world: WatchedWorld;
/** As another process would make it: it shares the cache and nothing else. */
let provider: () => RolesAnywhereCredentialProvider;

beforeEach(async () => {
  world = await createWatchedWorld();
  const cache = createMemoryCache();
  provider = () => world.createProvider({ cache });
});

afterEach(() => world.close());

const callsSinceOutage = (): number => faults - world.emulator.faults.waiting;

const linesWith = (text: string | RegExp): readonly string[] =>
  world.lines.filter((line) => line.search(text) !== -1);

function startOutage(): void {
  world.emulator.faults.next(...Array.from({ length: faults }, () => ({ type: 'reset' }) as const));
}

test('a process that starts in an outage lives on what is left in the cache, to its last second and with few calls', async () => {
  const first = await provider()();
  await world.runtime.advance(45 * minute);
  startOutage();
  const started = provider();
  for (let minutes = 45; minutes < 59.5; minutes += 1 / 6) {
    const credentials = await endOf(started(), world.runtime);
    expect(credentials.accessKeyId).toBe(first.accessKeyId);
    await world.runtime.advance(tenSeconds - 50);
  }
  expect(linesWith('session taken from the cache')).toHaveLength(1);
  // Three for the first question, then one in a pause: not one for each of the ninety questions.
  expect(callsSinceOutage()).toBeGreaterThanOrEqual(5);
  expect(callsSinceOutage()).toBeLessThan(20);
  await world.runtime.advance(2 * minute);
  await expect(endOf(started(), world.runtime)).rejects.toHaveProperty('code', 'NETWORK_FAILED');
});

test('a session taken from the cache late is refreshed as early as by whoever asked for it', async () => {
  await provider()();
  await world.runtime.advance(36 * minute);
  const late = provider();
  const { accessKeyId } = await late();
  const refreshes = (): number => linesWith(/ started$/).length;
  const before = refreshes();
  await world.runtime.advance(3.9 * minute);
  expect((await late()).accessKeyId).toBe(accessKeyId);
  expect(refreshes()).toBe(before);
  // At five sixths of the hour at the latest.
  await world.runtime.advance(10.2 * minute);
  await late();
  expect(refreshes()).toBe(before + 1);
});

test('a provider that has handed out its session is not given it again as news', async () => {
  const only = provider();
  const first = await only();
  // The wall clock alone goes back: by it the session in the cache is young for ever.
  await world.runtime.advance(61 * minute);
  world.runtime.jump(-60 * minute);
  const second = await endOf(only(), world.runtime);
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
});
