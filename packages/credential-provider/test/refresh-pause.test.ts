import { describe, expect, test } from '@jest/globals';
import type { Lease } from '../src/lease.js';
import { startPause, type FailureFacts, type Pause } from '../src/refresh-pause.js';

const second = 1000;
const minute = 60 * second;
const moment = (milliseconds: number): { wall: number; monotonic: number } => ({
  wall: 1_000_000 + milliseconds,
  monotonic: milliseconds,
});
const leaseOf = (lifetimeMilliseconds: number): Lease => ({
  start: moment(0),
  lifetimeMilliseconds,
  refreshAtMilliseconds: (lifetimeMilliseconds * 2) / 3,
});
const lease = leaseOf(60 * minute);
const demand = { leastMilliseconds: 0, throttled: false };
const throttled = { leastMilliseconds: 0, throttled: true };

const failAt = (at: number, change: Partial<FailureFacts> = {}): FailureFacts => ({
  now: moment(at),
  flightStart: moment(at),
  lease,
  previous: undefined,
  demand,
  ...change,
});

/** Seconds of pauses in a row, each attempt at the end of the pause before it. */
function row(first: FailureFacts, random: number, count: number): readonly number[] {
  let previous: Pause | undefined;
  let at = first.now.monotonic;
  return Array.from({ length: count }, () => {
    previous = startPause({ ...first, previous, now: moment(at), flightStart: moment(at) }, random);
    at += previous.milliseconds;
    return Math.round(previous.milliseconds / second);
  });
}

describe('with a valid value in hand the pause', () => {
  test('is 30 s, two minutes, then up to the last four and a half minutes, in which it is 30 s again', () => {
    expect(row(failAt(40 * minute), 0, 6)).toEqual([30, 120, 702, 70, 30, 30]);
  });

  test('is at most 15 minutes', () => {
    const long = failAt(480 * minute, { lease: leaseOf(720 * minute) });
    expect(row(long, 0, 5)).toEqual([30, 120, 900, 900, 900]);
  });

  test('is 30 s throughout in the last third of a session of 900 s', () => {
    expect(row(failAt(10 * minute, { lease: leaseOf(15 * minute) }), 0, 4)).toEqual([30, 30, 30, 30]);
  });

  test('is up to a quarter longer by chance', () => {
    expect(startPause(failAt(40 * minute), 1).milliseconds).toBe(37.5 * second);
  });

  test('after throttling reaches at once to four and a half minutes before the end, about', () => {
    const lengths = [0, 1].map((random) =>
      Math.round(startPause(failAt(40 * minute, { demand: throttled }), random).milliseconds / second),
    );
    expect(lengths).toEqual([837, 930]);
    expect(startPause(failAt(57 * minute, { demand: throttled }), 0).milliseconds).toBe(30 * second);
  });

  test('is never shorter than 30 s, and never than Retry-After', () => {
    expect(startPause(failAt(60 * minute - second), 0).milliseconds).toBe(30 * second);
    const asked = { leastMilliseconds: 45 * second, throttled: true };
    expect(startPause(failAt(58 * minute, { demand: asked }), 0).milliseconds).toBe(45 * second);
  });

  test('is known to end with the value when that ended during the flight', () => {
    const pause = startPause(failAt(61 * minute, { flightStart: moment(59 * minute) }), 0);
    expect(pause.whileValid).toBe(true);
  });
});

describe('with nothing valid in hand the pause', () => {
  test('is 1 s doubling to 30 s', () => {
    expect(row(failAt(0, { lease: undefined }), 0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  test('is up to half as long again by chance', () => {
    expect(startPause(failAt(0, { lease: undefined }), 1).milliseconds).toBe(1500);
  });

  test('is at least what the error asks for', () => {
    const refused = { leastMilliseconds: 30 * second, throttled: false };
    expect(row(failAt(0, { lease: undefined, demand: refused }), 0, 3)).toEqual([30, 30, 30]);
  });

  test('after throttling grows with the time that the throttling has lasted, to 90 s', () => {
    expect(row(failAt(0, { lease: undefined, demand: throttled }), 0.5, 6)).toEqual([5, 20, 90, 90, 90, 90]);
  });

  test('after throttling counts the time of the flight too', () => {
    const facts = failAt(10 * second, { lease: undefined, demand: throttled, flightStart: moment(0) });
    expect(startPause(facts, 0.5).milliseconds).toBe(40 * second);
  });

  test('grows anew when the last value has expired in between', () => {
    const previous = startPause(failAt(59 * minute), 0);
    expect(startPause(failAt(61 * minute, { previous }), 0)).toMatchObject({
      milliseconds: second,
      failures: 1,
    });
  });
});
