import { describe, expect, test } from '@jest/globals';
import { decide, startLease, startPause, type Pause, type RefreshState } from '../src/refresh-rules.js';

const second = 1000;
const minute = 60 * second;
const start = { wall: 1_000_000, monotonic: 5000 };
const at = (milliseconds: number): typeof start => ({
  wall: start.wall + milliseconds,
  monotonic: start.monotonic + milliseconds,
});
const lease = startLease(60 * minute, start, 0);
const pause: Pause = { start, milliseconds: 30 * second, failures: 1, whileValid: true };
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
    ['under two thirds of its life', { now: at(40 * minute - 1) }, 'use'],
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
    ['expired', { now: at(60 * minute) }, 'wait'],
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
    expect(decide({ ...state, lease: startLease(50 * second, start, 0), now: at(10 * second) })).toBe('use');
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

describe('startLease', () => {
  test('puts the refresh point into the first quarter of the last third', () => {
    expect(startLease(60 * minute, start, 0).refreshAtMilliseconds).toBe(40 * minute);
    expect(startLease(60 * minute, start, 1).refreshAtMilliseconds).toBe(45 * minute);
  });
});

describe('startPause', () => {
  const facts = { now: start, whileValid: true, previous: undefined, leastMilliseconds: 0 };
  const lengths = (whileValid: boolean, random: number): readonly number[] => {
    let previous: Pause | undefined;
    return Array.from({ length: 7 }, () => {
      previous = startPause({ ...facts, whileValid, previous }, random);
      return previous.milliseconds / second;
    });
  };

  test('with a valid session in hand is 30 s doubling to 5 minutes', () => {
    expect(lengths(true, 0)).toEqual([30, 60, 120, 240, 300, 300, 300]);
  });

  test('with nothing valid in hand is 1 s doubling to 30 s', () => {
    expect(lengths(false, 0)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  test('is up to half as long again by chance', () => {
    expect(lengths(true, 1)[0]).toBe(45);
  });

  test('is at least what the error asks for', () => {
    expect(startPause({ ...facts, whileValid: false, leastMilliseconds: 30_000 }, 0).milliseconds).toBe(
      30_000,
    );
  });

  test('grows anew when the last session has expired in between', () => {
    const previous = { ...pause, failures: 5 };
    expect(startPause({ ...facts, whileValid: false, previous }, 0).milliseconds).toBe(second);
  });
});
