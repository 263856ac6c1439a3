import { describe, expect, test } from '@jest/globals';
import { sessionErrorCodes } from '../src/errors.js';
import { parseRetryAfter, retryDelay } from '../src/retry.js';

const progress = { attempts: 1, maxAttempts: 3, remainingMilliseconds: 20_000 };

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
      retryDelay({ code: 'SERVICE_FAILED' }, { attempts, maxAttempts: 99, remainingMilliseconds: 1e9 }, 1),
    );
    expect(ceilings).toEqual([50, 100, 200, 20_000]);
    expect(retryDelay({ code: 'SERVICE_FAILED' }, progress, 0)).toBe(0);
  });

  test('starts from one second when throttled, on top of Retry-After', () => {
    expect(retryDelay({ code: 'THROTTLED' }, progress, 1)).toBe(1000);
    expect(retryDelay({ code: 'THROTTLED', retryAfterMilliseconds: 3000 }, progress, 0.5)).toBe(3500);
  });

  test('does not wait longer than there is time', () => {
    expect(retryDelay({ code: 'THROTTLED', retryAfterMilliseconds: 30_000 }, progress, 0)).toBeUndefined();
    expect(retryDelay({ code: 'TIMED_OUT' }, { ...progress, remainingMilliseconds: 0 }, 0)).toBeUndefined();
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
