/**
 * An identity whose key is in a TPM against `tpm2_sign`, with an emulated TPM (swtpm) of its own. Without swtpm and
 * tpm2-tools there are no figures.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fromTpm } from '@rolesanywhere/identity-tpm';
import { compare } from './compare.js';

const run = promisify(execFile);
const HANDLE = '0x81000101';
const SIGNING = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign';
const PAIRS = { warmUp: 5, rounds: 7 };

export async function tpmRatios() {
  if (!isInstalled()) return [];
  const folder = mkdtempSync(join(tmpdir(), 'bench-tpm-'));
  const tpm = await startTpm(folder);
  try {
    const figures = [];
    for (const { name, algorithm, what } of [
      { name: 'tpmP256', algorithm: 'ecc256', what: 'P-256' },
      { name: 'tpmRsa2048', algorithm: 'rsa2048', what: 'RSA-2048' },
    ]) {
      await makeKey(folder, algorithm);
      figures.push(...(await ratiosOf({ folder, name, what })));
    }
    return figures;
  } finally {
    tpm.kill();
    rmSync(folder, { recursive: true });
  }
}

async function ratiosOf({ folder, name, what }) {
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
  return [
    figure(`${name}Sign`, `signature by a TPM key, ${what} / tpm2_sign`, signing),
    figure(`${name}Load`, `identity read and tried, ${what} / tpm2_sign`, loading),
  ];
}

function figure(name, what, ratio) {
  return { name, what, value: Number(ratio.toFixed(3)), unit: '×', limit: 1.5 };
}

async function makeKey(folder, algorithm) {
  await tool(folder, 'tpm2_evictcontrol', '-Q', '-C', 'o', '-c', HANDLE).catch(() => undefined);
  const steps = [
    ['tpm2_createprimary', '-Q', '-C', 'o', '-G', 'ecc', '-c', 'parent.ctx'],
    [
      'tpm2_create',
      '-Q',
      '-C',
      'parent.ctx',
      '-G',
      algorithm,
      '-u',
      'key.pub',
      '-r',
      'key.priv',
      '-a',
      SIGNING,
    ],
    ['tpm2_load', '-Q', '-C', 'parent.ctx', '-u', 'key.pub', '-r', 'key.priv', '-c', 'key.ctx'],
    ['tpm2_readpublic', '-Q', '-c', 'key.ctx', '-f', 'pem', '-o', 'key.pem'],
    ['tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'key.ctx', HANDLE],
  ];
  for (const [program, ...args] of steps) {
    await tool(folder, program, ...args);
    for (const what of ['-t', '-l', '-s']) await tool(folder, 'tpm2_flushcontext', what);
  }
  const authority = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key'];
  await tool(folder, 'openssl', 'req', '-x509', ...authority, '-subj', '/CN=Bench CA', '-out', 'ca.crt');
  await tool(folder, 'openssl', 'req', '-new', '-key', 'ca.key', '-subj', '/CN=bench', '-out', 'key.csr');
  const issuer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-days', '2'];
  await tool(
    folder,
    'openssl',
    'x509',
    '-req',
    '-in',
    'key.csr',
    '-force_pubkey',
    'key.pem',
    ...issuer,
    '-out',
    'key.crt',
  );
}

async function startTpm(folder) {
  const sock = join(folder, 'sock');
  mkdirSync(join(folder, 'state'));
  const sockets = ['--server', `type=unixio,path=${sock}`, '--ctrl', `type=unixio,path=${sock}.ctrl`];
  const state = ['--tpmstate', `dir=${join(folder, 'state')}`, '--flags', 'not-need-init,startup-clear'];
  const child = spawn('swtpm', ['socket', '--tpm2', ...state, ...sockets], { stdio: 'ignore' });
  const isUp = () =>
    tool(folder, 'tpm2_getrandom', '--hex', '1').then(
      () => true,
      () => false,
    );
  for (let tries = 0; !(await isUp()); tries += 1) {
    if (tries > 100) throw new Error('swtpm did not start');
    await pause(50);
  }
  return child;
}

function tool(folder, program, ...args) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TPM2TOOLS_TCTI: `swtpm:path=${join(folder, 'sock')}`,
  };
  return run(program, args, { cwd: folder, env });
}

function isInstalled() {
  try {
    execFileSync('swtpm', ['--version'], { stdio: 'pipe' });
    execFileSync('tpm2_sign', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
