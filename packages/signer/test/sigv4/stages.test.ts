import { describe, expect, test } from '@jest/globals';
import { authorization } from '../../src/sigv4/authorization.js';
import { signature } from '../../src/sigv4/signature.js';
import { formatSigningDate } from '../../src/sigv4/signing-date.js';
import { stringToSign } from '../../src/sigv4/string-to-sign.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { untyped } from '../support/untyped.js';

const algorithm = 'AWS4-X509-RSA-SHA256';
const scope = '20261122/us-east-1/rolesanywhere/aws4_request';

test('the signing date is in UTC, without fractions', () => {
  expect(formatSigningDate(new Date('2026-01-02T03:04:05.999+02:00'))).toEqual({
    longDate: '20260102T010405Z',
    shortDate: '20260102',
  });
});

test('the string to sign has four lines and no final newline', () => {
  expect(stringToSign({ algorithm, longDate: '20261122T180809Z', scope, canonicalRequest: '' })).toBe(
    `AWS4-X509-RSA-SHA256\n20261122T180809Z\n${scope}\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`,
  );
});

test.each([
  [0x0fn, '15'],
  [2n ** 63n, '9223372036854775808'],
  [2n ** 160n - 1n, '1461501637330902918203684832716283019655932542975'],
])('the serial %s is written in decimal', (serialNumber, decimal) => {
  const input = { algorithm, serialNumber, scope, signedHeaders: 'a;b', signature: 'ff' } as const;
  expect(authorization(input)).toBe(
    `${algorithm} Credential=${decimal}/${scope}, SignedHeaders=a;b, Signature=ff`,
  );
});

function throwAtOnce(): never {
  throw new Error('x');
}

describe('the signature', () => {
  test('is lower-case hexadecimal of what the key answers to the message', async () => {
    const key = { algorithm, sign: async (message: Uint8Array) => message.slice(0, 2) } as const;
    expect(await signature(key, '\u00ff')).toBe('c3bf');
  });

  test('is refused when the key rejects, with its reason as the cause', async () => {
    const cause = new Error('token removed');
    const error = await errorOf(() => signature({ algorithm, sign: () => Promise.reject(cause) }, 'x'));
    expect(error).toMatchObject({ code: 'SIGNING_FAILED', cause });
    expect(error.message).not.toContain('token removed');
  });

  test('is refused when the key throws at once', async () => {
    expect((await errorOf(() => signature({ algorithm, sign: throwAtOnce }, 'x'))).code).toBe(
      'SIGNING_FAILED',
    );
  });

  test.each([[undefined], ['text'], [new Uint8Array()]])(
    'is refused when the key answers %p',
    async (answer) => {
      const sign = async (): Promise<Uint8Array> => untyped(answer);
      expect((await errorOf(() => signature({ algorithm, sign }, 'x'))).code).toBe('SIGNING_FAILED');
    },
  );
});
