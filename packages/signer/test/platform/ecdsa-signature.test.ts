import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ecdsaDerToRaw, ecdsaRawToDer } from '../../src/platform/ecdsa-signature.js';

test.each([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
])('raw signatures on %s become DER that openssl verifies, and come back', (namedCurve, size) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  for (let round = 0; round < 40; round += 1) {
    const message = Buffer.from(`message ${round}`);
    const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const der = ecdsaRawToDer(raw);
    expect(verify('sha256', message, publicKey, der)).toBe(true);
    expect(Buffer.from(ecdsaDerToRaw(der, size) ?? [])).toEqual(raw);
  }
});

test('any two numbers survive, with leading zeros and high bits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(31), (raw, zeros) => {
      raw.fill(0, 0, zeros);
      expect(ecdsaDerToRaw(ecdsaRawToDer(raw), 32)).toEqual(raw);
    }),
  );
});

test('what is not a DER signature is none', () => {
  const strange = fc.oneof(fc.uint8Array(), fc.constantFrom('3000', '3003020101', '300602010102030100ff'));
  fc.assert(
    fc.property(strange, (bytes) => {
      const der = typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes;
      const raw = ecdsaDerToRaw(der, 2);
      expect(raw === undefined || raw.length === 4).toBe(true);
    }),
  );
});
