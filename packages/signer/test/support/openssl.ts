import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the program is on this machine. Its suites say so by name when it is not. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface OpensslFolder {
  run(...args: readonly string[]): void;
  read(file: string): Buffer;
  remove(): void;
}

/** A folder of its own to call openssl in. */
export function opensslFolder(): OpensslFolder {
  const folder = mkdtempSync(join(tmpdir(), 'signer-openssl-'));
  return {
    run: (...args) => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }),
    read: (file) => readFileSync(join(folder, file)),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
