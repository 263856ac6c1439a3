/**
 * How many times longer `a` takes than `b`. The two are called in turn, one call each, so that both meet the same moments
 * of the machine and the same state of its caches; the answer is the ratio of the medians.
 *
 * @param {() => unknown} a
 * @param {() => unknown} b
 * @param {{ warmUp: number, rounds: number }} options pairs of calls before and while it is measured
 * @returns {Promise<number>}
 */
export async function compare(a, b, { warmUp, rounds }) {
  const times = { a: [], b: [] };
  for (let round = -warmUp; round < rounds; round += 1) {
    const ofA = await timeOf(a);
    const ofB = await timeOf(b);
    if (round < 0) continue;
    times.a.push(ofA);
    times.b.push(ofB);
  }
  return median(times.a) / median(times.b);
}

/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)];
}

async function timeOf(call) {
  const started = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - started);
}
