/** An identity out of PEM files against the openssl program and bare signatures, and how long it holds the event loop. */
import { execFile, execFileSync } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { fromPem } from '@rolesanywhere/signer';
import { compare } from './compare.js';

const run = promisify(execFile);
const signInPool = promisify(sign);
const PASSPHRASE = 'correct horse';
const script = fileURLToPath(new URL('pem-files-process.js', import.meta.url));
const vectors = fileURLToPath(new URL('../vectors', import.meta.url));

/** Encryptions of a key, by the options of `openssl pkcs8`. */
const KEYS = [
  { name: 'pemLoad', what: 'as OpenSSL 3 encrypts it', options: ['-v2', 'aes-256-cbc'], limit: 1 },
  {
    name: 'pemLoad600000',
    what: '600,000 rounds',
    options: ['-v2', 'aes-256-cbc', '-iter', '600000'],
    limit: 1.2,
  },
  { name: 'pemLoadScrypt', what: 'scrypt', options: ['-scrypt'], limit: 1.2 },
  {
    name: 'pemLoadTripleDes600000',
    what: 'PBES1-3DES, 600,000 rounds',
    options: ['-v1', 'PBE-SHA1-3DES', '-iter', '600000'],
    limit: 1.5,
  },
];

export async function pemFilesFigures() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-pem-'));
  try {
    const issuer = await issueCertificateAuthority({ subject: 'CN=Bench CA', keyAlgorithm: { type: 'EC' } });
    const rsa = { type: 'RSA', modulusLength: 2048 };
    const { certificatePem, privateKeyPem } = await issueCertificate({
      subject: 'CN=x',
      issuer,
      keyAlgorithm: rsa,
    });
    writeFileSync(join(folder, 'server.crt'), certificatePem + issuer.certificatePem);
    writeFileSync(join(folder, 'server.key'), privateKeyPem);
    const figures = [];
    for (const key of KEYS) figures.push(await loading(folder, key));
    return [...figures, await signing(certificatePem, privateKeyPem), ...holds(folder), malformed(folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function loading(folder, { name, what, options, limit }) {
  const path = join(folder, `${name}.key`);
  const args = ['pkcs8', '-topk8', '-in', 'server.key', '-out', path, '-passout', `pass:${PASSPHRASE}`];
  execFileSync('openssl', [...args, ...options], { cwd: folder, stdio: 'pipe' });
  const texts = { certificate: readFileSync(join(folder, 'server.crt')), privateKey: readFileSync(path) };
  const value = await compare(
    () => fromPem({ ...texts, passphrase: PASSPHRASE })(),
    () => run('openssl', ['pkey', '-in', path, '-passin', `pass:${PASSPHRASE}`, '-noout']),
    options.includes('600000') ? { warmUp: 1, rounds: 3 } : { warmUp: 5, rounds: 7 },
  );
  return {
    name,
    what: `identity read, ${what} / openssl pkey`,
    value: Number(value.toFixed(3)),
    unit: '×',
    limit,
  };
}

async function signing(certificate, privateKey) {
  const { key } = await fromPem({ certificate, privateKey })();
  const message = Buffer.from('x'.repeat(160));
  const bareKey = createPrivateKey(privateKey);
  const value = await compare(
    () => key.sign(message),
    () => signInPool('sha256', message, bareKey),
    { warmUp: 500, rounds: 200 },
  );
  const what = 'signature by a key of a PEM file, RSA-2048 / bare signature';
  return { name: 'pemSign', what, value: Number(value.toFixed(3)), unit: '×', limit: 1.1 };
}

/** With keys in the files of the vectors, ML-DSA is signed by a library where Node has none. */
function holds(folder) {
  const { certificatePem, privateKeyPem } = JSON.parse(
    readFileSync(join(vectors, 'helper', 'mldsa87-plain.json'), 'utf8'),
  ).inputs;
  writeFileSync(join(folder, 'mldsa.crt'), certificatePem);
  writeFileSync(join(folder, 'mldsa.key'), privateKeyPem);
  return [
    hold(folder, ['Rsa', 'RSA-2048', 'server.crt', 'pemLoad.key']),
    hold(folder, [
      'OldEncryption',
      'RSA-2048, PBES1-3DES, 600,000 rounds',
      'server.crt',
      'pemLoadTripleDes600000.key',
    ]),
    hold(folder, ['MlDsa87', 'ML-DSA-87', 'mldsa.crt', 'mldsa.key']),
  ];
}

/** The best of three processes: what a busy machine does to its caches is not ours. */
function hold(folder, [name, key, certificate, privateKey]) {
  const times = Array.from({ length: 3 }, () =>
    inProcess('hold', join(folder, certificate), join(folder, privateKey)),
  );
  const what = `longest turn of the event loop, PEM files with ${key}, a first load and 200 signatures at once, best of 3 processes`;
  const value = Number(Math.min(...times).toFixed(1));
  return { name: `pemHold${name}Milliseconds`, what, value, unit: 'ms', limit: 20 };
}

/** Few rounds, as all that a derivation takes is honest work, which has limits of its own. */
function malformed(folder) {
  const value = inProcess('malformed', join(folder, 'server.crt'), join(folder, 'pemLoad.key'));
  const what = 'longest time of malformed PEM or DER: cut off, changed, with absurd lengths, hostile';
  return { name: 'pemMalformedMilliseconds', what, value: Number(value.toFixed(1)), unit: 'ms', limit: 100 };
}

function inProcess(mode, certificate, privateKey) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const args = [script, mode, certificate, privateKey, PASSPHRASE];
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
}
