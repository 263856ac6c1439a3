import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ecdsaDer } from '../../src/signing/ecdsa-der.js';

describe('a raw ECDSA signature', () => {
  test.each(['P-256', 'P-384', 'P-521'])('of %s is verified by node:crypto in its DER form', (namedCurve) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    for (let count = 0; count < 20; count += 1) {
      const message = Buffer.from(`message ${count}`);
      const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verify('sha256', message, createPublicKey(privateKey), ecdsaDer(raw))).toBe(true);
    }
  });

  test('loses leading zeros, and gets one where a number would read as negative', () => {
    expect(ecdsaDer(Uint8Array.of(0, 1, 0x80, 0))).toEqual(
      Uint8Array.of(0x30, 8, 0x02, 1, 1, 0x02, 3, 0, 0x80, 0),
    );
    expect(ecdsaDer(Uint8Array.of(0, 0))).toEqual(Uint8Array.of(0x30, 6, 0x02, 1, 0, 0x02, 1, 0));
  });

  test('holds both numbers in their shortest form, whatever they are', () => {
    const half = fc.integer({ min: 1, max: 66 }).chain((length) => {
      const bytes = fc.uint8Array({ minLength: length, maxLength: length });
      return fc.tuple(bytes, bytes);
    });
    fc.assert(
      fc.property(half, ([r, s]) => {
        const der = Buffer.from(ecdsaDer(Buffer.concat([r, s])));
        const content = der.subarray(der[1] === 0x81 ? 3 : 2);
        const first = content.subarray(2, 2 + Number(content[1]));
        const second = content.subarray(4 + first.length);
        expect([first, second].map(valueOf)).toEqual([r, s].map(valueOf));
        expect(
          [first, second].every(
            (number) => number[0] !== 0 || Number(number[1] ?? 0x80) >= 0x80 || number.length === 1,
          ),
        ).toBe(true);
      }),
    );
  });

  test.each([0, 1, 63, 134, 2048])('of %i octets is refused', (length) => {
    expect(() => ecdsaDer(Buffer.alloc(length))).toThrow(RangeError);
  });
});

function valueOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

describe('a signature that is DER already', () => {
  const der = Uint8Array.of(0x30, 0x07, 0x02, 0x02, 0x00, 0xff, 0x02, 0x01, 0x01);

  test('stays as it is', () => {
    expect(ecdsaDer(der)).toEqual(der);
  });

  test('but is cut off or followed by something, is refused or read as numbers', () => {
    expect(() => ecdsaDer(der.subarray(0, 7))).toThrow(RangeError);
    expect(ecdsaDer(Uint8Array.of(...der, 0))).not.toEqual(Uint8Array.of(...der, 0));
  });
});
