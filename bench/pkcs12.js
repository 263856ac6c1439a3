/** An identity out of a PKCS#12 file against the openssl program, which opens the same file or makes the same signature. */
import { execFile, execFileSync } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromPkcs12 } from '@rolesanywhere/identity-pkcs12';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { compare } from './compare.js';

const run = promisify(execFile);
const signInPool = promisify(sign);
const PASSPHRASE = 'correct horse';
const FILES = [
  { name: 'pkcs12Load', what: 'as OpenSSL 3 writes it', options: [], limit: 1 },
  { name: 'pkcs12LoadLegacy', what: '3DES and RC2-40', options: ['-legacy'], limit: 1 },
  { name: 'pkcs12Load600000', what: '600,000 iterations', options: ['-iter', '600000'], limit: 1.2 },
  {
    name: 'pkcs12LoadLegacy600000',
    what: '3DES and RC2-40, 600,000 iterations',
    options: ['-legacy', '-iter', '600000'],
    limit: 1.5,
  },
  {
    name: 'pkcs12LoadTripleDes600000',
    what: '3DES, 600,000 iterations',
    options: ['-legacy', '-descert', '-iter', '600000'],
    limit: 1.5,
  },
];
const script = fileURLToPath(new URL('pkcs12-process.js', import.meta.url));

export async function pkcs12Ratios() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pkcs12-'));
  try {
    const issuer = await issueCertificateAuthority({ subject: 'CN=Bench CA', keyAlgorithm: { type: 'EC' } });
    const rsa = { type: 'RSA', modulusLength: 2048 };
    const issued = await issueCertificate({ subject: 'CN=bench', issuer, keyAlgorithm: rsa });
    writeFileSync(
      join(folder, 'in.pem'),
      issued.privateKeyPem + issued.certificatePem + issuer.certificatePem,
    );
    const figures = [];
    for (const file of FILES) figures.push(await loading(folder, file));
    return [...figures, await signing(folder, issued), hold(folder), malformed(folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function loading(folder, { name, what, options, limit }) {
  const out = join(folder, `${name}.p12`);
  write(folder, out, options);
  const legacy = options.filter((option) => option === '-legacy');
  const open = ['pkcs12', '-in', out, '-nodes', '-passin', `pass:${PASSPHRASE}`, ...legacy];
  const ratio = await compare(
    () => fromPkcs12({ file: out, passphrase: PASSPHRASE })(),
    () => run('openssl', open),
    name.endsWith('600000') ? { warmUp: 1, rounds: 1 } : { warmUp: 5, rounds: 7 },
  );
  return figure(name, `identity read, ${what} / openssl pkcs12`, { ratio, limit });
}

function write(folder, out, options) {
  const args = ['-export', '-in', 'in.pem', '-out', out, '-passout', `pass:${PASSPHRASE}`, ...options];
  execFileSync('openssl', ['pkcs12', ...args], { cwd: folder, stdio: 'pipe' });
}

/** The best of five processes: what a busy machine does to its caches is not ours. */
function hold(folder) {
  const times = Array.from({ length: 5 }, () => inProcess('hold', join(folder, 'pkcs12Load.p12')));
  const what = 'longest turn of the event loop, a first load and 200 signatures at once, best of 5 processes';
  return milliseconds('pkcs12HoldMilliseconds', what, { value: Math.min(...times), limit: 20 });
}

/** One iteration, as all that a derivation takes is honest work, which has limits of its own. */
function malformed(folder) {
  const file = join(folder, 'malformed.p12');
  write(folder, file, ['-iter', '1']);
  const what = 'longest time of a malformed file: cut off, changed, with absurd lengths, hostile';
  return milliseconds('pkcs12MalformedMilliseconds', what, {
    value: inProcess('malformed', file),
    limit: 100,
  });
}

function inProcess(mode, file) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const args = [script, mode, file, PASSPHRASE];
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
}

function milliseconds(name, what, { value, limit }) {
  return { name, what, value: Number(value.toFixed(1)), unit: 'ms', limit };
}

async function signing(folder, { privateKeyPem }) {
  const data = readFileSync(join(folder, 'pkcs12Load.p12'));
  const { key } = await fromPkcs12({ data, passphrase: PASSPHRASE })();
  const message = Buffer.from('x'.repeat(160));
  const bareKey = createPrivateKey(privateKeyPem);
  const ratio = await compare(
    () => key.sign(message),
    () => signInPool('sha256', message, bareKey),
    { warmUp: 500, rounds: 200 },
  );
  return figure('pkcs12Sign', 'signature by a key of PKCS#12, RSA-2048 / bare signature', {
    ratio,
    limit: 1.1,
  });
}

function figure(name, what, { ratio, limit }) {
  return { name, what, value: Number(ratio.toFixed(3)), unit: '×', limit };
}
