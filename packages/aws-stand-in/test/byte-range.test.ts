import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { byteRange } from '../src/s3/byte-range.js';

test.each([
  ['bytes=0-0', 10, { start: 0, end: 0 }],
  ['bytes=0-', 10, { start: 0, end: 9 }],
  ['bytes=-1', 10, { start: 9, end: 9 }],
  ['bytes=0-0', 0, 'unsatisfiable'],
  ['bytes=-0', 10, 'unsatisfiable'],
  ['bytes=-5', 0, 'unsatisfiable'],
  ['bytes=10-', 10, 'unsatisfiable'],
  [undefined, 10, undefined],
  ['', 10, undefined],
  ['bytes=', 10, undefined],
  ['bytes=5-4', 10, undefined],
  [`bytes=0-${'9'.repeat(400)}`, 10, undefined],
])('%p of %i bytes is %p', (header, length, expected) => {
  expect(byteRange(header, length)).toEqual(expected);
});

test('a range is never outside of the object', () => {
  const bound = fc.option(fc.nat(30), { nil: '' });
  fc.assert(
    fc.property(bound, bound, fc.nat(20), (first, last, length) => {
      const range = byteRange(`bytes=${first}-${last}`, length);
      const { start, end } = typeof range === 'object' ? range : { start: 0, end: 0 };
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThan(Math.max(length, 1));
    }),
  );
});
