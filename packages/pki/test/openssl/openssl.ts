import { execFileSync, spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for the files of one test file. */
export interface Workshop {
  readonly folder: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string): string;
  /** Runs openssl there and gives what it printed; throws when it fails. */
  openssl(...args: string[]): string;
  /** Runs openssl there and tells whether it succeeded, with all it printed. */
  tryOpenssl(...args: string[]): { readonly ok: boolean; readonly output: string };
  remove(): void;
}

/** Nothing of the surroundings may change what openssl trusts or reads. */
const ENV = { PATH: process.env['PATH'] ?? '', OPENSSL_CONF: '/dev/null' };

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'pki-test-'));
  const options: SpawnSyncOptionsWithStringEncoding = {
    cwd: folder,
    env: ENV,
    encoding: 'utf8',
    stdio: 'pipe',
  };
  return {
    folder,
    write(name, content) {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    openssl: (...args) => execFileSync('openssl', args, options),
    tryOpenssl(...args) {
      const { status, stdout, stderr } = spawnSync('openssl', args, options);
      return { ok: status === 0, output: `${stdout}${stderr}` };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The tests against openssl run where it is installed; elsewhere they are reported as skipped. */
export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;
}
