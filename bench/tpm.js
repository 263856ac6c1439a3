/**
 * An identity whose key is in a TPM against `tpm2_sign` and against the bare command, with an emulated TPM (swtpm) of its own.
 * Without swtpm and tpm2-tools there are no figures.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromTpm } from '@rolesanywhere/identity-tpm';
import { compare, median } from './compare.js';
import { HANDLE, isInstalled, makeKey, startTpm, tool } from './tpm-world.js';

const run = promisify(execFile);
const PAIRS = { warmUp: 5, rounds: 7 };
const script = fileURLToPath(new URL('tpm-process.js', import.meta.url));

export async function tpmRatios() {
  if (!isInstalled()) return [];
  const folder = mkdtempSync(join(tmpdir(), 'bench-tpm-'));
  const tpm = await startTpm(folder);
  try {
    const figures = [];
    for (const { name, algorithm, what, scheme } of [
      { name: 'tpmP256', algorithm: 'ecc256', what: 'P-256', scheme: '0018' },
      { name: 'tpmRsa2048', algorithm: 'rsa2048', what: 'RSA-2048', scheme: '0014' },
    ]) {
      await makeKey(folder, algorithm);
      figures.push(...(await ratiosOf({ folder, name, what, scheme })));
    }
    return [...figures, ...(await processFigures(folder))];
  } finally {
    tpm.kill();
    rmSync(folder, { recursive: true });
  }
}

async function ratiosOf({ folder, name, what, scheme }) {
  const init = {
    certificate: join(folder, 'key.crt'),
    privateKey: `handle:${HANDLE}`,
    device: `unix:${join(folder, 'sock')}`,
  };
  const message = Buffer.from('x'.repeat(160));
  writeFileSync(join(folder, 'message'), message);
  const { key } = await fromTpm(init)();
  const bySigning = () =>
    tool(folder, 'tpm2_sign', '-Q', '-c', HANDLE, '-g', 'sha256', '-o', 'signature', 'message');
  const signing = await compare(() => key.sign(message), bySigning, PAIRS);
  const loading = await compare(() => fromTpm(init)(), bySigning, PAIRS);
  const bare = bareCommand(folder, scheme);
  const alone = await compare(() => key.sign(message), bare, PAIRS);
  const many = Array.from({ length: 200 });
  const together = () => Promise.all(many.map(() => key.sign(message)));
  const oneByOne = async () => {
    for (let count = 0; count < many.length; count += 1) await bare();
  };
  const crowd = await compare(together, oneByOne, { warmUp: 1, rounds: 1 });
  return [
    // The key at a handle is looked at before it is used, which is a command more.
    { ...figure(`${name}Bare`, `signature by a TPM key, ${what} / the bare command`, alone), limit: 3 },
    figure(`${name}Crowd`, `200 of them at once / 200 bare commands`, crowd),
    figure(`${name}Sign`, `signature by a TPM key, ${what} / tpm2_sign`, signing),
    figure(`${name}Load`, `identity read and tried, ${what} / tpm2_sign`, loading),
  ];
}

/** TPM2_Sign with an empty password: handle, password session, a digest, scheme with SHA-256, an empty ticket. */
function bareCommand(folder, scheme) {
  const session = '00000009400000090000000000';
  const body = `81000101${session}0020${'5a'.repeat(32)}${scheme}000b8024400000070000`;
  const size = (10 + body.length / 2).toString(16).padStart(8, '0');
  const command = Buffer.from(`8002${size}0000015d${body}`, 'hex');
  return () =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ path: join(folder, 'sock') }, () => socket.write(command));
      socket.once('error', reject);
      socket.once('data', (answer) => {
        socket.destroy();
        if (answer.readUInt32BE(6) === 0) resolve();
        else reject(new Error(`the TPM refused: ${answer.toString('hex')}`));
      });
    });
}

/** In processes of their own: the longest turn of the event loop, and the longest time for something malformed. */
async function processFigures(folder) {
  const holds = await runFive(() => inProcess('hold', folder));
  const { longest, count } = await inProcess('malformed', folder);
  return [
    limited('tpmLoopHold', 'longest turn of the event loop, load and 200 signatures at once', {
      value: median(holds.map(({ hold }) => hold)),
      limit: 20,
    }),
    limited('tpmMalformed', `longest of ${count} malformed key files and responses`, {
      value: longest,
      limit: 100,
    }),
  ];
}

function limited(name, what, { value, limit }) {
  return { name, what: `TPM, ${what}`, value: Number(value.toFixed(2)), unit: 'ms', limit };
}

/** One after the other; the median of five, since one alone is as often the machine's. */
async function runFive(call) {
  const answers = [];
  for (let count = 0; count < 5; count += 1) answers.push(await call());
  return answers;
}

async function inProcess(what, folder) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const { stdout } = await run(process.execPath, [script, what, folder], { env });
  return JSON.parse(stdout);
}

function figure(name, what, ratio) {
  return { name, what, value: Number(ratio.toFixed(3)), unit: '×', limit: 1.5 };
}
