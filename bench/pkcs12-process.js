/**
 * One fresh process, as JSON: how long the event loop is held while a PKCS#12 file is loaded and 200 signatures are made at
 * once, or how long broken files take to be refused. Arguments: `hold` or `malformed`, a file, its passphrase.
 */
import { readFileSync } from 'node:fs';
import { fromPkcs12 } from '@rolesanywhere/identity-pkcs12';
import { expectTyped, longestAttempt, longestTurnOf, mutationsOf, truncationsOf } from './turns.js';

const MIB = 1024 * 1024;
const MUTATIONS = 3000;

const [, , mode, file, passphrase] = process.argv;
console.log(
  JSON.stringify(
    await (mode === 'hold' ? longestTurnOf(fromPkcs12({ file, passphrase })) : malformedMilliseconds()),
  ),
);

async function malformedMilliseconds() {
  const good = readFileSync(file);
  for (let round = 0; round < 20; round += 1) await attempt(good);
  return (await longestAttempt(malformed(good), attempt)).longest;
}

function attempt(data) {
  return fromPkcs12({ data, passphrase })().catch(expectTyped);
}

function* malformed(good) {
  yield* truncationsOf(good);
  // Those that ask for more work than before are told apart: that is honest work, which has limits of its own.
  for (const data of mutationsOf(good, MUTATIONS)) if (!asksForMore(data, good)) yield data;
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
