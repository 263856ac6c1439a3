import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Esbuild from 'esbuild';

// By `require`, since esbuild checks for types that differ between Jest's realm and its own.
const { build } = createRequire(import.meta.url)('esbuild') as typeof Esbuild;
const packages = fileURLToPath(new URL('../../../', import.meta.url));

/** How a program ended. */
export interface Ended {
  /** Null when it had to be killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program made of our sources and a text, for a process of its own. */
export interface ChildProgram {
  /** Runs it with nothing of this process's environment, and kills it after 12 s. */
  run(env?: Readonly<Record<string, string>>): Promise<Ended>;
  remove(): void;
}

/** Bundles a program, written as an ES module that imports packages by their names. */
export async function buildChildProgram(text: string): Promise<ChildProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'child-program-'));
  const [file, entry] = [join(folder, 'program.cjs'), join(folder, 'program.mjs')];
  writeFileSync(entry, text);
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    alias: {
      '@rolesanywhere/credential-provider': join(packages, 'credential-provider/src/index.ts'),
      '@rolesanywhere/signer': join(packages, 'signer/src/index.ts'),
      '#platform': join(packages, 'signer/src/platform/node.ts'),
      '#cache': join(packages, 'credential-provider/src/cache/node.ts'),
      '#transport': join(packages, 'credential-provider/src/transport/node.ts'),
    },
    nodePaths: [join(packages, 'credential-provider/node_modules')],
  });
  return {
    run: (env = {}) => run(file, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function run(file: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 12_000 };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file], options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}
