import { describe, expect, test } from '@jest/globals';
import { continueDrift, refreshPoint, startDrift, type Drift } from '../src/refresh-point.js';

function nth(session: number, pace: number): Drift {
  let drift = startDrift(pace);
  for (let count = 1; count < session; count += 1) drift = continueDrift(drift);
  return drift;
}

describe('the refresh point', () => {
  test('lies at the same place between two thirds and five sixths in the first four sessions', () => {
    for (const session of [1, 2, 3, 4]) {
      expect(refreshPoint(nth(session, 0), 0.9)).toBe(2 / 3);
      expect(refreshPoint(nth(session, 0.5), 0.9)).toBeCloseTo(3 / 4);
      expect(refreshPoint(nth(session, 1), 0.9)).toBeCloseTo(5 / 6);
    }
  });

  test('lies within the 240th part of the life from two thirds later', () => {
    expect(refreshPoint(nth(5, 0.7), 0)).toBe(2 / 3);
    expect(refreshPoint(nth(50, 0.7), 1)).toBeCloseTo(2 / 3 + 1 / 240);
  });

  test('moves a process in four sessions by its share of one whole time between two refreshes', () => {
    const moved = (pace: number): number =>
      [1, 2, 3, 4].reduce((sum, session) => sum + refreshPoint(nth(session, pace), 0) - 2 / 3, 0);
    expect(moved(0.25)).toBeCloseTo(0.25 * (2 / 3));
    expect(moved(1)).toBeCloseTo(2 / 3);
  });
});
