const FIRST_MILLISECONDS = 200;
const LONGEST_MILLISECONDS = 30_000;

/**
 * How long to pause before connecting again: 0.2 s, doubling up to 30 s, of which a random half is taken off, so that the
 * workloads of a machine do not all come back to a restarted agent at once.
 *
 * @param failures - how often it failed in a row, from 1
 * @param random - from 0 up to 1
 * @param longest - milliseconds; default 30,000
 * @returns milliseconds
 */
export function backOff(failures: number, random: number, longest = LONGEST_MILLISECONDS): number {
  const whole = Math.min(longest, FIRST_MILLISECONDS * 2 ** Math.min(failures - 1, 20));
  return whole * (0.5 + random / 2);
}
