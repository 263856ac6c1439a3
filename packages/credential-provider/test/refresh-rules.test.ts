import { describe, expect, test } from '@jest/globals';
import type { Lease } from '../src/lease.js';
import type { Pause } from '../src/refresh-pause.js';
import { decide, type RefreshState } from '../src/refresh-rules.js';

const second = 1000;
const minute = 60 * second;
const start = { wall: 1_000_000, monotonic: 5000 };
const at = (milliseconds: number): typeof start => ({
  wall: start.wall + milliseconds,
  monotonic: start.monotonic + milliseconds,
});
const leaseOf = (lifetimeMilliseconds: number): Lease => ({
  start,
  lifetimeMilliseconds,
  refreshAtMilliseconds: (lifetimeMilliseconds * 2) / 3,
});
const lease = leaseOf(60 * minute);
const pause: Pause = { start, milliseconds: 30 * second, failures: 1, since: start, whileValid: true };
const state: RefreshState = {
  now: start,
  lease,
  pause: undefined,
  inFlight: false,
  forceRefresh: false,
};

describe('decide', () => {
  test.each<[string, Partial<RefreshState>, string]>([
    ['nothing yet', { lease: undefined }, 'wait'],
    ['nothing yet, flight under way', { lease: undefined, inFlight: true }, 'wait'],
    ['just arrived', { now: at(0) }, 'use'],
    ['under two thirds of its life', { now: at(40 * minute - 1) }, 'use'],
    ['900 s, under two thirds', { lease: leaseOf(15 * minute), now: at(10 * minute - 1) }, 'use'],
    ['900 s, last third', { lease: leaseOf(15 * minute), now: at(10 * minute) }, 'useAndRefresh'],
    ['12 h, under two thirds', { lease: leaseOf(720 * minute), now: at(480 * minute - 1) }, 'use'],
    ['12 h, last third', { lease: leaseOf(720 * minute), now: at(480 * minute) }, 'useAndRefresh'],
    ['last third', { now: at(40 * minute) }, 'useAndRefresh'],
    ['last third, flight under way', { now: at(45 * minute), inFlight: true }, 'use'],
    ['last third, pausing', { now: at(45 * minute), pause: { ...pause, start: at(45 * minute - 1) } }, 'use'],
    [
      'last third, pause over',
      { now: at(45 * minute), pause: { ...pause, start: at(44 * minute) } },
      'useAndRefresh',
    ],
    ['last minute', { now: at(59 * minute + 1) }, 'waitBriefly'],
    ['last minute, flight under way', { now: at(59 * minute + 1), inFlight: true }, 'waitBriefly'],
    [
      'last minute, pausing',
      { now: at(59 * minute + 1), pause: { ...pause, start: at(59 * minute) } },
      'use',
    ],
    ['just before the last minute', { now: at(59 * minute) }, 'useAndRefresh'],
    ['expired', { now: at(60 * minute) }, 'wait'],
    ['expired, flight under way', { now: at(60 * minute), inFlight: true }, 'wait'],
    [
      'expired, in a pause from before',
      { now: at(60 * minute), pause: { ...pause, start: at(60 * minute - 1) } },
      'wait',
    ],
    [
      'failed with nothing valid',
      { now: at(60 * minute), pause: { ...pause, start: at(60 * minute), whileValid: false } },
      'failAgain',
    ],
    ['failed at the start', { lease: undefined, pause: { ...pause, whileValid: false } }, 'failAgain'],
    ['failed at the start, pause over', { lease: undefined, now: at(30 * second), pause }, 'wait'],
    ['forced', { forceRefresh: true }, 'wait'],
    [
      'forced in the first second of a pause',
      { forceRefresh: true, now: at(second - 1), pause },
      'failAgain',
    ],
    ['forced after the first second of a pause', { forceRefresh: true, now: at(second), pause }, 'wait'],
    ['forced in a pause while a flight is under way', { forceRefresh: true, pause, inFlight: true }, 'wait'],
  ])('%s', (_name, change, decision) => {
    expect(decide({ ...state, ...change })).toBe(decision);
  });

  test('a session shorter than three minutes is not refreshed at every call', () => {
    expect(decide({ ...state, lease: leaseOf(50 * second), now: at(10 * second) })).toBe('use');
  });

  test('a wall clock set back does not make expired credentials valid', () => {
    const now = { wall: start.wall - 10 * minute, monotonic: start.monotonic + 60 * minute };
    expect(decide({ ...state, now })).toBe('wait');
  });

  test('a machine that slept past the expiry does not use the old credentials', () => {
    const now = { wall: start.wall + 60 * minute, monotonic: start.monotonic + minute };
    expect(decide({ ...state, now })).toBe('wait');
  });

  test('a wall clock set back does not lengthen a pause', () => {
    const now = { wall: start.wall - 60 * minute, monotonic: start.monotonic + 30 * second };
    expect(decide({ ...state, lease: undefined, pause: { ...pause, whileValid: false }, now })).toBe('wait');
  });
});
