import { createHash, createVerify, generateKeyPairSync, sign as signByNode } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { digestFor } from '../../src/key/judge-key.js';
import { readSignature } from '../../src/key/signature.js';
import { ALGORITHM } from '../../src/tpm/constants.js';
import { sized, u16 } from '../../src/tpm/writer.js';

const sha256 = createHash('sha256').update('message').digest();
const { ecdsa, rsassa } = ALGORITHM;

function digestOf(hash: number, octets: number): string {
  const plan = {
    algorithm: 'AWS4-X509-ECDSA-SHA256',
    publicKey: sha256,
    scheme: ecdsa,
    hash,
    octets,
  } as const;
  return Buffer.from(digestFor(plan, sha256)).toString('hex');
}

test('gives a key that is bound to a longer hash the same number to sign', () => {
  const hex = sha256.toString('hex');
  expect(digestOf(ALGORITHM.sha256, 32)).toBe(hex);
  expect(digestOf(ALGORITHM.sha256, 48)).toBe(hex);
  expect(digestOf(ALGORITHM.sha384, 32)).toBe(`${hex}${'00'.repeat(16)}`);
  expect(digestOf(ALGORITHM.sha384, 48)).toBe(`${'00'.repeat(16)}${hex}`);
  expect(digestOf(ALGORITHM.sha512, 48)).toBe(`${'00'.repeat(16)}${hex}${'00'.repeat(16)}`);
  expect(digestOf(ALGORITHM.sha512, 66)).toBe(`${'00'.repeat(32)}${hex}`);
});

for (const [curve, octets] of [
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
] as const) {
  test(`writes ${curve} signatures in the DER that node:crypto verifies`, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
    for (let count = 0; count < 50; count += 1) {
      const message = Buffer.from(`message ${count}`);
      const raw = signByNode('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const numbers = [raw.subarray(0, octets), raw.subarray(octets)];
      // Once as long as the curve, once without the zeros in front.
      const short = numbers.map((number) =>
        number.subarray(
          Math.max(
            0,
            number.findIndex((octet) => octet !== 0),
          ),
        ),
      );
      for (const [r, s] of [numbers, short]) {
        if (r === undefined || s === undefined) throw new Error('two numbers');
        const answer = Buffer.concat([u16(ecdsa), u16(ALGORITHM.sha256), sized(r), sized(s)]);
        const der = readSignature(answer, ecdsa, octets);
        expect(createVerify('sha256').update(message).verify(publicKey, der)).toBe(true);
      }
    }
  });
}

const DAMAGED = [
  ['another scheme', [u16(rsassa), u16(11), sized(Buffer.alloc(32, 1)), sized(Buffer.alloc(32, 1))]],
  ['a zero', [u16(ecdsa), u16(11), sized(Buffer.alloc(32)), sized(Buffer.alloc(32, 1))]],
  ['an empty number', [u16(ecdsa), u16(11), sized(), sized(Buffer.alloc(32, 1))]],
  [
    'a number that is too long',
    [u16(ecdsa), u16(11), sized(Buffer.alloc(33, 1)), sized(Buffer.alloc(32, 1))],
  ],
  ['one number', [u16(ecdsa), u16(11), sized(Buffer.alloc(32, 1))]],
  ['something behind it', [u16(ecdsa), u16(11), sized(Buffer.of(1)), sized(Buffer.of(1)), Buffer.of(0)]],
] as const;

for (const [what, parts] of DAMAGED) {
  test(`refuses a signature with ${what}`, () => {
    expect(() => readSignature(Buffer.concat(parts), ecdsa, 32)).toThrow(RangeError);
  });
}

test('refuses an RSA signature that has not the length of the modulus', () => {
  const answer = Buffer.concat([u16(rsassa), u16(11), sized(Buffer.alloc(255, 1))]);
  expect(() => readSignature(answer, rsassa, 256)).toThrow(/wrong length/);
});
