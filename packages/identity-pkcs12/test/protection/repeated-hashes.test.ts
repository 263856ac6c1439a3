import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { assert, integer, property, uint8Array } from 'fast-check';
import { repeatSha1 } from '../../src/protection/repeat-sha1.js';
import { repeatSha256 } from '../../src/protection/repeat-sha256.js';

test.each([
  ['sha1', 20, repeatSha1],
  ['sha256', 32, repeatSha256],
] as const)('%s of its digest, many times, as node:crypto has it', (name, length, repeat) => {
  const digests = uint8Array({ minLength: length, maxLength: length });
  assert(
    property(digests, integer({ min: 0, max: 50 }), (digest, times) => {
      let expected = Buffer.from(digest);
      for (let time = 0; time < times; time += 1) expected = createHash(name).update(expected).digest();
      expect(Buffer.from(repeat(digest, times))).toEqual(expected);
    }),
  );
});

test('the digest that is given is not written to', () => {
  const digest = new Uint8Array(32).fill(1);
  repeatSha256(digest, 3);
  repeatSha1(digest.subarray(0, 20), 3);
  expect([...new Set(digest)]).toEqual([1]);
});
