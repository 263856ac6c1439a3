import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { soak } from './support/soak/soak.js';

const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): unknown => unhandled.push(reason);

beforeAll(() => {
  process.on('unhandledRejection', onUnhandled);
});

afterAll(() => {
  process.off('unhandledRejection', onUnhandled);
});

/** Bytes in use after a full collection. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}

test('48 hours of random faults, rotations and clock jumps let no request down and leave nothing behind', async () => {
  const heaps: number[] = [];
  const handles = process.getActiveResourcesInfo().length;
  const result = await soak({
    hours: 48,
    sessionSeconds: 900,
    seed: Number(process.env['SOAK_SEED'] ?? 1),
    onHour: () => heaps.push(heap()),
  });
  expect(result.complaints).toEqual([]);
  expect(result.timersLeft).toBe(0);
  expect(result.holdsLeft).toBe(0);
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handles);
  expect(unhandled).toEqual([]);
  // The trouble was real.
  expect(result.faultsMet.size).toBe(14);
  expect(result.failures).toBeGreaterThan(0);
  expect(result.sessions).toBeGreaterThan(100);
  const [warm = 0, last = 0] = [heaps[12], heaps.at(-1)];
  expect(last - warm).toBeLessThan(4_000_000);
}, 60_000);
