import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { assert, integer, property, uint8Array } from 'fast-check';
import { HASHES } from '../../src/protection/hashes.js';
import { repeaterOf } from '../../src/repeated-hash/repeat-hash.js';

describe.each(Object.values(HASHES).map(({ name, digestOctets }) => [name, digestOctets] as const))(
  '%s of its digest',
  (name, length) => {
    test('many times, as node:crypto has it', async () => {
      const repeat = await repeaterOf(name);
      const digests = uint8Array({ minLength: length, maxLength: length });
      assert(
        property(digests, integer({ min: 0, max: 50 }), (digest, times) => {
          let expected = Buffer.from(digest);
          for (let time = 0; time < times; time += 1) expected = createHash(name).update(expected).digest();
          expect(Buffer.from(repeat(digest, times))).toEqual(expected);
        }),
      );
    });

    test('the digest that is given is not written to, nor the one that was got before', async () => {
      const repeat = await repeaterOf(name);
      const digest = new Uint8Array(length).fill(1);
      const before = repeat(digest, 3);
      const copy = Uint8Array.from(before);
      repeat(before, 3);
      expect([...new Set(digest)]).toEqual([1]);
      expect(Uint8Array.from(before)).toEqual(copy);
    });
  },
);

test('is compiled once in a process', async () => {
  expect(await repeaterOf('sha256')).toBe(await repeaterOf('sha256'));
});
