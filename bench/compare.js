/**
 * How many times longer `a` takes than `b`. The two are called in turn, one call each, so that both meet the same moments
 * of the machine and the same state of its caches. A block gives the ratio of its medians, the answer is the median of the
 * blocks: a slow second of the machine spoils one of them.
 *
 * @param {() => unknown} a
 * @param {() => unknown} b
 * @param {{ warmUp: number, rounds: number }} options pairs of calls before it is measured, and in each of nine blocks
 * @returns {Promise<number>}
 */
export async function compare(a, b, { warmUp, rounds }) {
  await block(a, b, warmUp);
  const ratios = [];
  for (let count = 0; count < 9; count += 1) ratios.push(await block(a, b, rounds));
  return median(ratios);
}

/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)];
}

async function block(a, b, rounds) {
  const times = { a: [], b: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.a.push(await timeOf(a));
    times.b.push(await timeOf(b));
  }
  return median(times.a) / median(times.b);
}

async function timeOf(call) {
  const started = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - started);
}
