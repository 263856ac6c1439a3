import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';
import { PIN, SO_PIN } from './soft-token.js';

export const TPM_MODULE = '/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so';

/** A token of tpm2-pkcs11 on an emulated TPM of its own. */
export interface TpmToken {
  readonly folder: string;
  readonly label: string;
  /** What a process needs in its environment to see the token. */
  readonly env: Readonly<Record<string, string>>;
  run(program: string, ...args: readonly string[]): Promise<string>;
  end(): Promise<void>;
}

/** Several processes and sessions share a TPM only by its daemon, and that is found by a message bus. */
export async function startTpmToken(): Promise<TpmToken> {
  const folder = mkdtempSync(join(tmpdir(), 'tpm-token-'));
  const path = (name: string): string => join(folder, name);
  for (const name of ['state', 'store']) mkdirSync(path(name));
  const bus = `unix:path=${path('bus')}`;
  const env = {
    DBUS_SESSION_BUS_ADDRESS: bus,
    TPM2_PKCS11_TCTI: 'tabrmd:bus_type=session',
    TPM2_PKCS11_STORE: path('store'),
    TPM2TOOLS_TCTI: 'tabrmd:bus_type=session',
  };
  const children: ChildProcess[] = [];
  const start = (program: string, ...args: readonly string[]): void => {
    children.push(
      spawn(program, args, { stdio: 'ignore', env: { PATH: process.env['PATH'] ?? '', ...env } }),
    );
  };
  const run = async (program: string, ...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runCleanly([program, ...args], { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  // The daemon finds the control socket by its name.
  const control = ['--ctrl', `type=unixio,path=${path('tpm')}.ctrl`];
  const state = ['--tpm2', '--tpmstate', `dir=${path('state')}`, '--flags', 'not-need-init,startup-clear'];
  start('swtpm', 'socket', ...state, '--server', `type=unixio,path=${path('tpm')}`, ...control);
  start('dbus-daemon', '--session', '--nofork', '--address', bus);
  await until(() => existsSync(path('tpm')) && existsSync(path('bus')));
  start('tpm2-abrmd', '--session', '--allow-root', `--tcti=swtpm:path=${path('tpm')}`);
  await ready(() => run('tpm2_ptool', 'init', '--path', path('store')));
  const pins = ['--sopin', SO_PIN, '--userpin', PIN];
  await run('tpm2_ptool', 'addtoken', '--pid', '1', '--label', 'tpm', ...pins, '--path', path('store'));

  return {
    folder,
    label: 'tpm',
    env,
    run,
    async end() {
      for (const child of children.toReversed()) child.kill('SIGKILL');
      await until(() => children.every((child) => child.exitCode !== null || child.signalCode !== null));
      rmSync(folder, { recursive: true });
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let count = 0; !isSo(); count += 1) {
    if (count > 500) throw new Error('it does not come');
    await sleep(10);
  }
}

/** The daemon has no sign of being ready but that it answers. */
async function ready(attempt: () => Promise<unknown>): Promise<void> {
  for (let count = 0; ; count += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (count > 50) throw error;
      await sleep(100);
    }
  }
}
