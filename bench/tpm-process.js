/**
 * One fresh process with an emulated TPM, as JSON. Arguments: `hold` or `malformed`, and the folder of tpm.js with the TPM's
 * socket, a key file, the same key at a handle, and its certificate. `hold`: how long the event loop is held while the key file
 * is loaded and 200 signatures are made at once. `malformed`: the longest time for a malformed key file or response.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { fromTpm } from '@rolesanywhere/identity-tpm';
import { longestTurnOf } from './turns.js';

const [what, folder] = process.argv.slice(2);
const certificate = join(folder, 'key.crt');
const init = { certificate, privateKey: join(folder, 'key.tss'), device: `unix:${join(folder, 'sock')}` };
console.log(JSON.stringify(what === 'hold' ? { hold: await hold() } : await malformed()));

async function hold() {
  const provider = fromTpm(init);
  const longest = await longestTurnOf(provider);
  await provider.close();
  return longest;
}

async function malformed() {
  const times = [...(await malformedFiles()), ...(await malformedResponses())];
  return { longest: Math.max(...times), count: times.length };
}

/** Without a TPM, so that what is measured is the reading. */
async function malformedFiles() {
  const pem = readFileSync(init.privateKey, 'utf8');
  const der = Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64');
  const cut = Array.from({ length: 60 }, (_, at) => der.subarray(0, Math.floor((der.length * at) / 60)));
  const changed = Array.from({ length: 60 }, (_, at) => {
    const bytes = Buffer.from(der);
    bytes[Math.floor((der.length * at) / 60)] ^= 0x55;
    return bytes;
  });
  const cutText = Array.from({ length: 40 }, (_, at) => pem.slice(0, Math.floor((pem.length * at) / 40)));
  const absurd = [
    Buffer.from('3084ffffffff06066781050a0103', 'hex'),
    Buffer.alloc(1_000_000, Buffer.from('3080', 'hex')),
    Buffer.alloc(1_000_000, Buffer.from('a003', 'hex')),
    Buffer.alloc(1_048_000, '-----BEGIN TSS2 PRIVATE KEY-----\n'),
    Buffer.alloc(2_000_000, 'A'),
  ];
  const privateKey = join(folder, 'malformed.tss');
  const times = [];
  for (const bytes of [...cut, ...changed, ...cutText, ...absurd]) {
    writeFileSync(privateKey, bytes);
    times.push(await timeOf(() => fromTpm({ ...init, privateKey, device: `unix:${join(folder, 'none')}` })));
  }
  for (const path of ['/', '/dev/zero', '/dev/null', folder])
    times.push(await timeOf(() => fromTpm({ ...init, privateKey: path })));
  return times;
}

/** Every response of the TPM cut off or changed, by a peer between. */
async function malformedResponses() {
  const path = join(folder, 'liar');
  let lie = (response) => response;
  let place = 0;
  const server = createServer((client) => {
    const tpm = createConnection({ path: join(folder, 'sock') });
    client.on('data', (command) => tpm.write(command));
    tpm.on('data', (response) => {
      const told = lie(response, place);
      place += 1;
      if (told.length < response.length) client.end(told);
      else client.write(told);
    });
    client.on('close', () => tpm.destroy());
    client.on('error', () => tpm.destroy());
    tpm.on('error', () => client.destroy());
  });
  await new Promise((resolve) => server.listen(path, resolve));
  const times = [];
  for (let wanted = 0; wanted < 4; wanted += 1) {
    for (let part = 0; part < 40; part += 1) {
      for (const change of [cutOff, changeOctet]) {
        lie = (response, at) => (at === wanted ? change(response, part / 40) : response);
        const make = () => {
          place = 0;
          return fromTpm({ ...init, privateKey: 'handle:0x81000101', device: `unix:${path}` });
        };
        times.push(await timeOf(make));
      }
    }
  }
  server.close();
  return times;
}

function cutOff(response, part) {
  return response.subarray(0, Math.floor(response.length * part));
}

function changeOctet(response, part) {
  const bytes = Buffer.from(response);
  // The size stays: what is announced and never sent takes as long as a response may.
  const at = Math.max(6, Math.floor(response.length * part));
  bytes[at] ^= 0x55;
  return bytes;
}

/** The shortest of up to five times, while they are too long: what takes long by itself does so again, a busy machine does not. */
async function timeOf(make) {
  let shortest = Infinity;
  for (let tries = 0; tries < 5 && shortest > 90; tries += 1)
    shortest = Math.min(shortest, await timeOnce(make()));
  return shortest;
}

/** What is told of no importance, as of a name that nobody looks at, may do no harm. */
async function timeOnce(provider) {
  const started = performance.now();
  const error = await provider().then(
    () => undefined,
    (reason) => reason,
  );
  const took = performance.now() - started;
  if (error !== undefined && !/^[A-Z_]+$/.test(error.code)) throw error;
  await provider.close();
  return took;
}
