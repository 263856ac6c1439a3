/** An emulated TPM (swtpm) for the figures of tpm.js, with a key and its certificate, by tpm2-tools and openssl. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const HANDLE = '0x81000101';
const SIGNING = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign';

/** Writes `key.tss` and `key.crt` to the folder, and puts the key to the handle. */
export async function makeKey(folder, algorithm) {
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
    ['tpm2_encodeobject', '-C', 'parent.ctx', '-u', 'key.pub', '-r', 'key.priv', '-o', 'key.tss'],
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

/** Resolves when it answers. */
export async function startTpm(folder) {
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

/** Runs a program in the folder, with the TPM of it. */
export function tool(folder, program, ...args) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    TPM2TOOLS_TCTI: `swtpm:path=${join(folder, 'sock')}`,
  };
  return run(program, args, { cwd: folder, env });
}

/** Whether the programs are there. */
export function isInstalled() {
  try {
    execFileSync('swtpm', ['--version'], { stdio: 'pipe' });
    execFileSync('tpm2_sign', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
