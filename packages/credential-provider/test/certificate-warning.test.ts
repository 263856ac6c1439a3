import { describe, expect, test } from '@jest/globals';
import { createCertificateWatch } from '../src/certificate-warning.js';
import { testIdentity } from './support/identity.js';

const day = 86_400_000;
const now = Date.parse('2026-11-25T12:00:00Z');

/** A certificate made for so many days, of which so many are left. */
function lasting(days: number, left: number, serialNumber = 255n): ReturnType<typeof testIdentity> {
  const notAfter = new Date(now + left * day);
  const identity = testIdentity({ expiration: notAfter, serialNumber });
  const notBefore = new Date(notAfter.getTime() - days * day);
  return { ...identity, certificate: { ...identity.certificate, notBefore, notAfter } };
}

describe('a certificate of half a year', () => {
  test('is warned of once under 30 days', () => {
    const watch = createCertificateWatch();
    expect(watch(lasting(200, 31), now)).toBeUndefined();
    expect(watch(lasting(200, 29), now)).toEqual({
      type: 'certificateExpiresSoon',
      serialNumber: 'ff',
      expiration: new Date(now + 29 * day),
      remainingMilliseconds: 29 * day,
    });
    expect(watch(lasting(200, 28), now)).toBeUndefined();
  });

  test('is warned of once more under a tenth of its life', () => {
    const watch = createCertificateWatch();
    watch(lasting(200, 29), now);
    expect(watch(lasting(200, 19), now)).toBeDefined();
    expect(watch(lasting(200, 18), now)).toBeUndefined();
  });

  test('is warned of once when it is first seen under a tenth', () => {
    const watch = createCertificateWatch();
    expect(watch(lasting(200, 10), now)).toBeDefined();
    expect(watch(lasting(200, 9), now)).toBeUndefined();
  });
});

test('one of two years is warned of at a tenth of its life, 73 days, and again at 30 days', () => {
  const watch = createCertificateWatch();
  expect(watch(lasting(730, 74), now)).toBeUndefined();
  expect(watch(lasting(730, 72), now)).toBeDefined();
  expect(watch(lasting(730, 31), now)).toBeUndefined();
  expect(watch(lasting(730, 29), now)).toBeDefined();
});

test.each([1 / 24, 1, 7, 30, 60])('one made for %d days is warned of only under a tenth of that', (days) => {
  const watch = createCertificateWatch();
  expect(watch(lasting(days, days), now)).toBeUndefined();
  expect(watch(lasting(days, days * 0.11), now)).toBeUndefined();
  expect(watch(lasting(days, days * 0.09), now)).toBeDefined();
});

test('the certificate that follows has warnings of its own, also when both are seen by turns', () => {
  const watch = createCertificateWatch();
  const [one, other] = [lasting(200, 29, 1n), lasting(200, 29, 2n)];
  const warnings = [one, other, one, other].map((identity) => watch(identity, now)?.serialNumber);
  expect(warnings).toEqual(['1', '2', undefined, undefined]);
});

test('an intermediate that ends before the certificate counts', () => {
  const watch = createCertificateWatch();
  const identity = { ...lasting(365, 300), expiration: new Date(now + 20 * day) };
  expect(watch(identity, now)).toMatchObject({ expiration: identity.expiration });
});
