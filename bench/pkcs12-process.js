/**
 * One fresh process, as JSON: how long the event loop is held while a PKCS#12 file is loaded and 200 signatures are made at
 * once, or how long broken files take to be refused. Arguments: `hold` or `malformed`, a file, its passphrase.
 */
import { readFileSync } from 'node:fs';
import { fromPkcs12 } from '@rolesanywhere/identity-pkcs12';

const MIB = 1024 * 1024;
const SIGNATURES = 200;
const MUTATIONS = 3000;

const [, , mode, file, passphrase] = process.argv;
console.log(JSON.stringify(await (mode === 'hold' ? holdMilliseconds() : malformedMilliseconds())));

/** Without the time in which the main thread waited for a processor: a busy machine takes it away for longer than a turn lasts. */
async function holdMilliseconds() {
  let [longest, last, pending] = [0, heldSoFar(), true];
  const turn = () => {
    const now = heldSoFar();
    longest = Math.max(longest, now - last);
    last = now;
    if (pending) setImmediate(turn);
  };
  setImmediate(turn);
  const { key } = await fromPkcs12({ file, passphrase })();
  const message = Buffer.from('x'.repeat(160));
  await Promise.all(Array.from({ length: SIGNATURES }, () => key.sign(message)));
  pending = false;
  return longest;
}

/** Linux tells for each thread how many nanoseconds it waited for a processor. */
function heldSoFar() {
  const now = performance.now();
  try {
    const [, waited] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return now - Number(waited) / 1e6;
  } catch {
    return now;
  }
}

/** The time of the processor, since a busy machine takes it away for longer than a file takes. */
async function malformedMilliseconds() {
  const good = readFileSync(file);
  for (let round = 0; round < 20; round += 1) await attempt(good);
  let longest = 0;
  for (const data of malformed(good)) {
    const before = process.cpuUsage();
    await attempt(data);
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
  }
  return longest;
}

function attempt(data) {
  return fromPkcs12({ data, passphrase })().catch((error) => {
    if (typeof error.code !== 'string') throw error;
  });
}

function* malformed(good) {
  for (let length = 1; length < good.length; length += 1) yield good.subarray(0, length);
  yield* mutations(good);
  yield* lengths(good);
  for (const [beginning, filling] of [
    ['3080', 'a5'],
    ['3080', '0500'],
    ['3080', '00'],
    ['30801f', 'ff'],
    ['3080', '3080'],
    ['', '3080'],
    ['', '2480'],
    ['3088ffffffffffffffff020103', ''],
    [`30fe${'ff'.repeat(126)}`, ''],
    ['30800201033080', '0609608648016503040201'],
    ['30800201033080', '04820400'],
  ]) {
    const rest = Buffer.alloc(MIB - beginning.length / 2, Buffer.from(filling || '00', 'hex'));
    yield Buffer.concat([Buffer.from(beginning, 'hex'), rest]);
  }
}

/** Octets of a generator with a fixed seed, so that every run tries the same. */
function* mutations(good) {
  let state = 1;
  const next = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let count = 0; count < MUTATIONS; count += 1) {
    const data = Buffer.from(good);
    for (let change = next(4); change >= 0; change -= 1) data[next(data.length)] = next(256);
    // Those that ask for more work than before are told apart: that is honest work, which has limits of its own.
    if (!asksForMore(data, good)) yield data;
  }
}

/** Every octet as the largest length that an octet can hold. */
function* lengths(good) {
  for (const octet of [0x80, 0x84, 0x88, 0xff]) {
    for (let at = 0; at < good.length; at += 1) {
      const data = Buffer.from(good);
      data[at] = octet;
      if (!asksForMore(data, good)) yield data;
    }
  }
}

/** Whether a count of iterations, which is the small number of two octets, is larger than it was. */
function asksForMore(data, good) {
  for (let at = 0; at < good.length - 3; at += 1) {
    if (good[at] !== 0x02 || good[at + 1] > 4) continue;
    if (data.compare(good, at, at + 2 + good[at + 1], at, at + 2 + good[at + 1]) !== 0) return true;
  }
  return false;
}
