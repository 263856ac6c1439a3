/**
 * One fresh process with a token: how long its event loop is held while an identity is loaded and 200 signatures are made at
 * once, and how long malformed input takes, as JSON. Arguments: the module, the label of the certificate, and a folder with
 * its file; without the folder nothing malformed is tried.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromPkcs11 } from '@rolesanywhere/identity-pkcs11';
import { longestTurnOf, passed } from './turns.js';

const [module, label, folder] = process.argv.slice(2);
const uri = `pkcs11:token=bench;object=${label}`;
const init = { certificate: uri, module, pin: '1234' };
const provider = fromPkcs11(init);
// A module that waits does not work, and would hold the loop all the same.
const hold = await longestTurnOf(provider, passed);
const malformed = folder === undefined ? [] : [...malformedUris(), ...(await malformedFiles())];
await provider.close();
console.log(JSON.stringify({ hold, malformed: Math.max(0, ...malformed), count: malformed.length }));

/** Every truncation and some mutations of a URI, and long ones. */
function malformedUris() {
  const whole = `${uri};id=%01%02;slot-id=5?module-path=/x.so&pin-source=file:/pin`;
  const truncated = Array.from(whole, (_, end) => whole.slice(0, end));
  const mutated = Array.from(whole, (_, at) => `${whole.slice(0, at)}%${whole.slice(at + 1)}`);
  const long = ['%', ';', 'a=b;', '?', '%41', 'é'].map((piece) => `pkcs11:${piece.repeat(1_000_000)}`);
  return [...truncated, ...mutated, ...long].map((certificate) => {
    const started = performance.now();
    try {
      fromPkcs11({ ...init, certificate });
    } catch (error) {
      if (error.code !== 'INVALID_OPTION') throw error;
    }
    return performance.now() - started;
  });
}

/**
 * Truncations, mutations and sizes of a certificate's file, whose key is in the token. Of three tries the quickest counts, since
 * each waits for another thread, which a busy machine may not let run.
 */
async function malformedFiles() {
  const whole = readFileSync(join(folder, 'certificate.der'));
  const cut = (end) => whole.subarray(0, end);
  const changed = (at) => Buffer.concat([cut(at), Buffer.of(whole[at] ^ 0xff), whole.subarray(at + 1)]);
  const places = Array.from({ length: 60 }, (_, index) => Math.floor((index * whole.length) / 60));
  const nested = Buffer.from('30840fffffff'.repeat(10_000), 'hex');
  const files = [...places.map(cut), ...places.map(changed), nested, Buffer.alloc(1_000_000, 0x30)];
  const times = [];
  for (const file of files) {
    const tries = [await millisecondsFor(file), await millisecondsFor(file), await millisecondsFor(file)];
    times.push(Math.min(...tries));
  }
  return times;
}

async function millisecondsFor(file) {
  const certificate = join(folder, 'malformed.der');
  writeFileSync(certificate, file);
  const another = fromPkcs11({ ...init, certificate, privateKey: uri });
  const started = performance.now();
  await another().catch((error) => {
    if (typeof error.code !== 'string') throw error;
  });
  const milliseconds = performance.now() - started;
  await another.close();
  return milliseconds;
}
