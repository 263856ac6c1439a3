import { generateKeyPairSync, sign } from 'node:crypto';

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { isEcdsaDer } from '../../src/sigv4/ecdsa-der.js';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test.each([
  ['the smallest signature', '3006 0201 01 0201 01'],
  ['a number with its sign octet', '3008 0202 0080 0202 00ff'],
])('%s is DER', (_, text) => {
  expect(isEcdsaDer(hex(text), 32)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['a bare tag', '30'],
  ['a set', '3106 0201 01 0201 01'],
  ['one number', '3003 0201 01'],
  ['three numbers', '3009 0201 01 0201 01 0201 01'],
  ['a trailing octet', '3006 0201 01 0201 01 00'],
  ['a trailing octet inside', '3007 0201 01 0201 01 00'],
  ['a length past the end', '3007 0201 01 0201 01'],
  ['an indefinite length', '3080 0201 01 0201 01 0000'],
  ['a long form for a short length', '308106 0201 01 0201 01'],
  ['a long form for an inner length', '3007 028101 01 0201 01'],
  ['a two-octet length', '30820006 0201 01 0201 01'],
  ['an empty number', '3005 0200 0201 01'],
  ['zero', '3006 0201 00 0201 01'],
  ['a negative number', '3006 0201 80 0201 01'],
  ['a needless leading zero', '3007 0202 0001 0201 01'],
  ['a number longer than the field', `3026 0221 01${'00'.repeat(32)} 0201 01`],
  ['a number longer than the field with its sign octet', `3027 0222 0080${'00'.repeat(32)} 0201 01`],
  ['an octet string', '3006 0401 01 0201 01'],
])('%s is not DER', (_, text) => {
  expect(isEcdsaDer(hex(text), 32)).toBe(false);
});

test('what OpenSSL signs is DER, and is not when an octet is added, dropped or made longer', () => {
  for (const [namedCurve, bytes] of [
    ['P-256', 32],
    ['P-384', 48],
    ['P-521', 66],
  ] as const) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    for (let round = 0; round < 40; round += 1) {
      const signature = sign('sha256', Buffer.from(`message ${round}`), privateKey);
      expect(isEcdsaDer(signature, bytes)).toBe(true);
      expect(isEcdsaDer(Buffer.concat([signature, Buffer.alloc(1)]), bytes)).toBe(false);
      expect(isEcdsaDer(signature.subarray(0, -1), bytes)).toBe(false);
    }
  }
});

test('random octets never crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect([true, false]).toContain(isEcdsaDer(bytes, 32));
    }),
  );
});
