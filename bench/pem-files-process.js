/**
 * One fresh process, as JSON: how long the event loop is held while PEM files are loaded and 200 signatures are made at once, or how
 * long broken files take to be refused. Arguments: `hold` or `malformed`, a certificate, a key, its passphrase.
 */
import { readFileSync } from 'node:fs';
import { createX509Identity, fromPemFiles } from '@rolesanywhere/signer';

const SIGNATURES = 200;
const MUTATIONS = 1000;
const KIB = 1024;

const [, , mode, certificate, privateKey, passphrase] = process.argv;
console.log(JSON.stringify(await (mode === 'hold' ? holdMilliseconds() : malformedMilliseconds())));

/** The time of the processor and not of the clock, since a busy machine takes it away for longer than a turn lasts. */
async function holdMilliseconds() {
  let [longest, last, pending] = [0, heldSoFar(), true];
  const turn = () => {
    const now = heldSoFar();
    longest = Math.max(longest, now - last);
    last = now;
    if (pending) setImmediate(turn);
  };
  setImmediate(turn);
  const { key } = await fromPemFiles({ certificate, privateKey, passphrase })();
  const message = Buffer.from('x'.repeat(160));
  await Promise.all(Array.from({ length: SIGNATURES }, () => key.sign(message)));
  pending = false;
  return longest;
}

/** Of the main thread alone, where Linux tells it: other threads may work for as long as they like. */
function heldSoFar() {
  try {
    const [worked] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(worked) / 1e6;
  } catch {
    return performance.now();
  }
}

/** The time of the processor, since a busy machine takes it away for longer than a file takes. */
async function malformedMilliseconds() {
  const good = { certificate: readFileSync(certificate), key: readFileSync(privateKey), passphrase };
  for (let round = 0; round < 20; round += 1) await attempt(good);
  let longest = 0;
  for (const part of ['certificate', 'key']) {
    for (const data of malformed(good[part])) {
      const before = process.cpuUsage();
      await attempt({ ...good, [part]: data });
      const { user, system } = process.cpuUsage(before);
      longest = Math.max(longest, (user + system) / 1000);
    }
  }
  return longest;
}

function attempt(parts) {
  return createX509Identity(parts).catch((error) => {
    if (!/^[A-Z]+(_[A-Z]+)+$/.test(error.code)) throw error;
  });
}

function* malformed(good) {
  const der = Buffer.from(good.toString('latin1').match(/-----BEGIN [^-]+-----([^-]+)/)?.[1] ?? '', 'base64');
  for (const bytes of [good, der]) {
    for (let length = 1; length < bytes.length; length += 1) yield bytes.subarray(0, length);
    yield* mutations(bytes);
  }
  yield nested(100_000);
  for (const label of ['CERTIFICATE', 'PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'EC PRIVATE KEY']) {
    yield pem(label, nested(12_000));
    for (const filling of ['3080', '30820400', '02010130', '0609608648016503040201', 'ff']) {
      yield pem(
        label,
        Buffer.concat([Buffer.from('3082ffff', 'hex'), Buffer.alloc(65_535, Buffer.from(filling, 'hex'))]),
      );
      yield Buffer.alloc(KIB * KIB, Buffer.from(filling, 'hex'));
    }
    yield `-----BEGIN ${label}-----\n-----END ${label}-----\n`.repeat(KIB);
    yield `-----BEGIN ${label}-----\n`.repeat(16 * KIB);
    yield good.toString('latin1').repeat(200);
  }
}

function* mutations(good) {
  let state = 1;
  const next = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let round = 0; round < MUTATIONS; round += 1) {
    const data = Buffer.from(good);
    for (let change = next(4); change >= 0; change -= 1)
      data[next(data.length)] = next(2) === 0 ? next(256) : [0, 0x30, 0x80, 0x84, 0xff][next(5)];
    yield data;
  }
}

/** Sequences in sequences, written from the inside out. */
function nested(depth) {
  const headers = [];
  let length = 0;
  for (let level = 0; level < depth; level += 1) {
    const header =
      length < 0x80 ? [0x30, length] : [0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
    headers.push(Buffer.from(header));
    length += header.length;
  }
  return Buffer.concat(headers.toReversed());
}

function pem(label, der) {
  return `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
}
