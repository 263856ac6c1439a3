import { expect, test } from '@jest/globals';
import { backOff } from '../../src/workload-api/back-off.js';

test('pauses double from 0.2 s to 30 s', () => {
  const longest = [1, 2, 3, 8, 9, 100, 100_000].map((failures) => Math.round(backOff(failures, 1)));
  expect(longest).toEqual([200, 400, 800, 25_600, 30_000, 30_000, 30_000]);
});

test('up to half of a pause is taken off by chance', () => {
  expect([backOff(1, 0), backOff(1, 0.5)]).toEqual([100, 150]);
});
