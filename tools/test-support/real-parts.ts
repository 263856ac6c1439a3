/** For `test-real`: the real parts that `npm run test:real` installed, and a test that is skipped by name without one. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';

export type RealPart =
  | 'REAL_TARBALLS'
  | 'REAL_AWS'
  | 'REAL_AWS2'
  | 'REAL_CEPH'
  | 'REAL_FORGE'
  | 'REAL_HSM'
  | 'REAL_JEST'
  | 'REAL_NODES'
  | 'REAL_PKI_TOOLS'
  | 'REAL_PROXIES'
  | 'REAL_RUNTIMES'
  | 'REAL_TPM'
  | 'REAL_TYPESCRIPTS';

/** Where a part is; `undefined` when it could not be installed. */
export function realPart(name: RealPart): string | undefined {
  return process.env[name];
}

/** `test` when the part is there, else a test that is reported as skipped. */
export function testWith(name: RealPart): typeof test {
  return realPart(name) === undefined ? (test.skip as typeof test) : test;
}

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with nothing of this process's environment but the search path and the home folder. */
export function runCleanly(
  command: readonly [program: string, ...args: string[]],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
  const [program, ...args] = command;
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env };
  return new Promise((resolve) => {
    execFile(
      program,
      args,
      { ...options, env, timeout: 240_000, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        if (error === null) resolve({ exitCode: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr });
        // It did not start, or was ended from outside.
        else resolve({ exitCode: 1, stdout, stderr: `${stderr}\n${error.message}` });
      },
    );
  });
}

/** A folder with the packed packages installed as a stranger would, and files of a test in it. */
export async function installAsStranger(
  packages: readonly string[],
  options: {
    readonly files: Readonly<Record<string, string>>;
    readonly dependencies?: Readonly<Record<string, string>>;
  },
): Promise<{ readonly folder: string; remove(): void }> {
  const tarballs = realPart('REAL_TARBALLS');
  if (tarballs === undefined) throw new Error('run this by `npm run test:real`');
  const folder = mkdtempSync(join(tmpdir(), 'stranger-'));
  const ours = packages.map((name) => {
    const file = readdirSync(tarballs).find(
      (tarball) => /-\d+\.\d+\.\d+\.tgz$/.test(tarball) && tarball.startsWith(`rolesanywhere-${name}-`),
    );
    if (file === undefined) throw new Error(`no tarball of ${name}`);
    cpSync(join(tarballs, file), join(folder, file));
    return [`@rolesanywhere/${name}`, `file:./${file}`] as const;
  });
  const manifest = { private: true, dependencies: { ...Object.fromEntries(ours), ...options.dependencies } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(options.files)) writeFileSync(join(folder, name), text);
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'] as const;
  const installed = await runCleanly(['npm', ...args], { cwd: folder });
  if (installed.exitCode !== 0) throw new Error(`npm install: ${installed.stdout}${installed.stderr}`);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
