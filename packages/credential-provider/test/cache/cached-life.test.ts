import { expect, test } from '@jest/globals';
import { cachedLife, type ReadersClock } from '../../src/cache/cached-life.js';
import { entryOf, minute } from './cache-order.js';

const made = Date.parse('2026-11-25T12:00:00Z');
const boot = made - 100 * minute;

/** Read after so long by the reader's clock. */
function read(minutes: number, clock: Partial<ReadersClock> = {}): ReturnType<typeof cachedLife> {
  const entry = entryOf(made, 0, { bootMilliseconds: boot });
  const now = made + minutes * minute;
  return cachedLife(entry, { now, correctionMilliseconds: 0, bootMilliseconds: boot, ...clock });
}

test.each([
  [0, true],
  [39.9, true],
  [40, false],
  [59.9, false],
])('after %d of 60 minutes it is usable, and fresh: %p', (minutes, fresh) => {
  expect(read(minutes)).toEqual({
    ageMilliseconds: Math.round(minutes * minute),
    remainingMilliseconds: Math.round((60 - minutes) * minute),
    fresh,
  });
});

test.each([60, 61, 10_000])('after %d minutes it has ended', (minutes) => {
  expect(read(minutes)).toBeUndefined();
});

test('one that comes from the future is not used', () => {
  expect(read(-0.1)).toBeUndefined();
});

test('where the clock was set back since it was made, it is not used', () => {
  // Truly 50 minutes old.
  expect(read(10, { bootMilliseconds: boot - 40 * minute })).toBeUndefined();
});

test('where the clock wavers by less than two seconds, it is used', () => {
  expect(read(10, { bootMilliseconds: boot - 1900 })).toBeDefined();
});

test('where the clock was set forward, it ends by the earlier of its ends', () => {
  expect(read(50, { bootMilliseconds: boot + 40 * minute })?.remainingMilliseconds).toBe(10 * minute);
});

test('a machine that was started since, and one that does not know when, may use it', () => {
  expect(read(10, { bootMilliseconds: made + minute })).toBeDefined();
  expect(read(10, { bootMilliseconds: undefined })).toBeDefined();
});

test('a clock known to be behind leaves less of it', () => {
  expect(read(10, { correctionMilliseconds: 15 * minute })).toMatchObject({
    remainingMilliseconds: 35 * minute,
    ageMilliseconds: 25 * minute,
  });
});

test('a life that no session has is not believed', () => {
  const entry = entryOf(made, 0, { lifetimeMilliseconds: 25 * 60 * minute });
  const clock = { now: made, correctionMilliseconds: 0, bootMilliseconds: undefined };
  expect(cachedLife(entry, clock)).toBeUndefined();
});
