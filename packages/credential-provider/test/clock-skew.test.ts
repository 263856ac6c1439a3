import { describe, expect, test } from '@jest/globals';
import { correctionFor, deservesCorrection, isSkewed, measureSkew, serviceTime } from '../src/clock-skew.js';

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse('2026-11-25T12:00:00Z');

describe('measureSkew', () => {
  test('is the service clock minus ours', () => {
    expect(measureSkew('Wed, 25 Nov 2026 12:10:00 GMT', now)).toBe(10 * minute);
    expect(measureSkew('Wed, 25 Nov 2026 11:50:00 GMT', now)).toBe(-10 * minute);
  });

  test('is unknown without a readable date', () => {
    expect(measureSkew(undefined, now)).toBeUndefined();
    expect(measureSkew('yesterday', now)).toBeUndefined();
  });
});

test('clocks are skewed from four minutes on, either way', () => {
  expect([4 * minute, -4 * minute].map(isSkewed)).toEqual([true, true]);
  expect([4 * minute - 1, 0, undefined].map(isSkewed)).toEqual([false, false, false]);
});

describe('deservesCorrection', () => {
  const refused = {
    skewMilliseconds: 10 * minute,
    correctionMilliseconds: 0,
    secure: true,
    corrected: false,
  };

  test.each([4 * minute, -10 * minute, 24 * hour])(
    'once, when the clock is %d ms off',
    (skewMilliseconds) => {
      expect(deservesCorrection({ ...refused, skewMilliseconds })).toBe(true);
    },
  );

  test.each([
    ['the clocks agree', { skewMilliseconds: 3 * minute }],
    ['the date is beyond belief', { skewMilliseconds: 25 * hour }],
    ['there is no date', { skewMilliseconds: undefined }],
    ['it has been tried', { corrected: true }],
    ['the answer did not come over TLS', { secure: false }],
    ['the request was signed with that correction', { correctionMilliseconds: 10 * minute }],
  ])('not when %s', (_reason, change) => {
    expect(deservesCorrection({ ...refused, ...change })).toBe(false);
  });
});

describe('correctionFor', () => {
  test('is the measured difference while the clocks disagree, and none once they agree', () => {
    expect(correctionFor(10 * minute, 0)).toBe(10 * minute);
    expect(correctionFor(2000, 10 * minute)).toBe(0);
  });

  test('stays as it was when the measured difference has hardly changed', () => {
    expect(correctionFor(10 * minute + 2000, 10 * minute)).toBe(10 * minute);
    expect(correctionFor(11 * minute, 10 * minute)).toBe(11 * minute);
  });

  test('stays as it was when nothing credible was measured', () => {
    expect(correctionFor(undefined, 10 * minute)).toBe(10 * minute);
    expect(correctionFor(48 * hour, 0)).toBe(0);
  });
});

describe('serviceTime', () => {
  test.each([2 * minute, -2 * minute, -hour, 10 * hour])(
    "is the service's clock, to the end of the second that `Date` names, when ours is %d ms behind",
    (skew) => {
      expect(serviceTime(skew, now)).toBe(now + skew + 1000);
    },
  );

  test('is our clock when the date is beyond belief or absent', () => {
    expect(serviceTime(48 * hour, now)).toBe(now);
    expect(serviceTime(undefined, now)).toBe(now);
  });
});
