/**
 * How many times longer `a` takes than `b`: both run in turn, batch by batch, and the median over the rounds of the
 * ratio of each pair is taken, so that a slow moment of the machine hits both sides or one round.
 *
 * @param {() => unknown} a
 * @param {() => unknown} b
 * @param {{ batch: number, rounds: number }} options calls a batch, pairs of batches
 * @returns {Promise<number>}
 */
export async function compare(a, b, { batch, rounds }) {
  const ratios = [];
  for (let round = -3; round < rounds; round += 1) {
    // The side that goes first changes, or the one that goes second would always find a warmer machine.
    const aFirst = round % 2 === 0;
    const first = await timeOf(aFirst ? a : b, batch);
    const second = await timeOf(aFirst ? b : a, batch);
    if (round >= 0) ratios.push(aFirst ? first / second : second / first);
  }
  return median(ratios);
}

/** @param {readonly number[]} values */
export function median(values) {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)];
}

async function timeOf(call, times) {
  const started = process.hrtime.bigint();
  for (let count = 0; count < times; count += 1) await call();
  return Number(process.hrtime.bigint() - started);
}
