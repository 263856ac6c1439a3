import { describe, expect, test } from '@jest/globals';
import { sessionErrorCodes } from '../src/errors.js';
import { parseRetryAfter, retryDelay, throttledWait } from '../src/retry.js';

const progress = { attempts: 1, maxAttempts: 3, remainingMilliseconds: 20_000, elapsedMilliseconds: 100 };

describe('retryDelay', () => {
  test('lets network, time, throttling and 5xx failures be tried again, and nothing else', () => {
    const again = sessionErrorCodes.filter((code) => retryDelay({ code }, progress, 0.5) !== undefined);
    expect(again).toEqual(['NETWORK_FAILED', 'TIMED_OUT', 'THROTTLED', 'SERVICE_FAILED']);
  });

  test('ends with the last attempt', () => {
    expect(retryDelay({ code: 'SERVICE_FAILED' }, { ...progress, attempts: 3 }, 0)).toBeUndefined();
  });

  test('does not try again what cannot get better', () => {
    expect(retryDelay({ code: 'NETWORK_FAILED', permanent: true }, progress, 0)).toBeUndefined();
  });

  test('has full jitter under a ceiling that doubles to 20 seconds', () => {
    const ceilings = [1, 2, 3, 30].map((attempts) =>
      retryDelay(
        { code: 'SERVICE_FAILED' },
        { ...progress, attempts, maxAttempts: 99, remainingMilliseconds: 1e9 },
        1,
      ),
    );
    expect(ceilings).toEqual([50, 100, 200, 20_000]);
    expect(retryDelay({ code: 'SERVICE_FAILED' }, progress, 0)).toBe(0);
  });

  test('is 2 to 8 seconds after the first throttling', () => {
    const delays = [0, 0.5, 1].map((random) => retryDelay({ code: 'THROTTLED' }, progress, random));
    expect(delays).toEqual([2000, 5000, 8000]);
  });

  test('after throttling that lasts is four times what it has lasted, a quarter more or less', () => {
    const late = { ...progress, remainingMilliseconds: 1e9, elapsedMilliseconds: 10_000 };
    const delays = [0, 0.5, 1].map((random) => retryDelay({ code: 'THROTTLED' }, late, random));
    expect(delays).toEqual([30_000, 40_000, 50_000]);
  });

  test('heeds the Retry-After of a throttled call, and spreads what comes after it', () => {
    const failed = { code: 'THROTTLED', retryAfterMilliseconds: 4000 } as const;
    expect([0, 1].map((random) => retryDelay(failed, progress, random))).toEqual([4000, 6000]);
  });

  test('waits after a 503 with Retry-After on top of it', () => {
    const failed = { code: 'SERVICE_FAILED', retryAfterMilliseconds: 3000 } as const;
    expect(retryDelay(failed, progress, 1)).toBe(3050);
  });

  test('does not wait longer than there is time', () => {
    expect(retryDelay({ code: 'THROTTLED', retryAfterMilliseconds: 30_000 }, progress, 0)).toBeUndefined();
    expect(retryDelay({ code: 'TIMED_OUT' }, { ...progress, remainingMilliseconds: 0 }, 0)).toBeUndefined();
  });
});

describe('throttledWait', () => {
  test.each([0, 1, 10, 60, 900])(
    'never lets one wait more than five times as long as %d s or 8 s',
    (seconds) => {
      const lasted = seconds * 1000;
      expect(throttledWait(lasted, 1)).toBeLessThanOrEqual(Math.max(5 * lasted, 8000));
    },
  );

  test('is never longer than 112.5 seconds', () => {
    expect(throttledWait(86_400_000, 1)).toBe(112_500);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-25T12:00:00Z');

  test('reads seconds and dates', () => {
    expect(parseRetryAfter('7', now)).toBe(7000);
    expect(parseRetryAfter('Wed, 25 Nov 2026 12:00:09 GMT', now)).toBe(9000);
  });

  test('takes a date in the past for no wait', () => {
    expect(parseRetryAfter('Wed, 25 Nov 2026 11:00:00 GMT', now)).toBe(0);
  });

  test('ignores what is neither', () => {
    expect(parseRetryAfter('soon', now)).toBeUndefined();
    expect(parseRetryAfter(undefined, now)).toBeUndefined();
  });
});
