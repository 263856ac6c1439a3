/**
 * One fresh process, as JSON: how long the event loop is held while PEM files are loaded and 200 signatures are made at once, or how
 * long broken files take to be refused. Arguments: `hold` or `malformed`, a certificate, a key, its passphrase.
 */
import { readFileSync } from 'node:fs';
import { createX509Identity, fromPemFiles } from '@rolesanywhere/signer';
import { expectTyped, longestAttempt, longestTurnOf, mutationsOf, truncationsOf } from './turns.js';

const MUTATIONS = 1000;
const KIB = 1024;

const [, , mode, certificate, privateKey, passphrase] = process.argv;
console.log(
  JSON.stringify(
    await (mode === 'hold'
      ? longestTurnOf(fromPemFiles({ certificate, privateKey, passphrase }))
      : malformedMilliseconds()),
  ),
);

async function malformedMilliseconds() {
  const good = { certificate: readFileSync(certificate), key: readFileSync(privateKey), passphrase };
  for (let round = 0; round < 20; round += 1) await attempt(good);
  const ofCertificate = await longestAttempt(malformed(good.certificate), (data) =>
    attempt({ ...good, certificate: data }),
  );
  const ofKey = await longestAttempt(malformed(good.key), (data) => attempt({ ...good, key: data }));
  return Math.max(ofCertificate.longest, ofKey.longest);
}

function attempt(parts) {
  return createX509Identity(parts).catch(expectTyped);
}

function* malformed(good) {
  const der = Buffer.from(good.toString('latin1').match(/-----BEGIN [^-]+-----([^-]+)/)?.[1] ?? '', 'base64');
  for (const bytes of [good, der]) {
    yield* truncationsOf(bytes);
    yield* mutationsOf(bytes, MUTATIONS);
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
