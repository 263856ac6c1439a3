import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';
import type { DoJob } from './runtime-jobs.js';

/** The program itself: what pnpm puts into `.bin` lets it find packages of the workspace that no stranger has. */
const ESBUILD = fileURLToPath(new URL('../../../../node_modules/esbuild/bin/esbuild', import.meta.url));

/** Settings of a Worker that nobody has touched for years, and of a new one without what Node has, as is the rule now. */
export const WORKERS = {
  'of 2023': { date: '2023-01-01', flags: [] },
  'of 2026': { date: '2026-11-17', flags: ['no_nodejs_compat', 'no_nodejs_compat_v2'] },
} as const;
export type WorkerName = keyof typeof WORKERS;

/** What a bundler made of a program: the files that went into it, and the imports that are left. */
export interface Bundle {
  readonly files: readonly string[];
  readonly imports: readonly string[];
}

/** Bundles `worker.mjs` of the folder as a Worker is bundled. */
export async function bundleWorker(folder: string): Promise<Bundle> {
  const options = ['--format=esm', '--conditions=workerd,worker,browser', '--log-level=warning'];
  const files = ['worker.mjs', '--outfile=bundle.mjs', '--metafile=bundle.json'];
  const run = await runCleanly([ESBUILD, '--bundle', ...options, ...files], { cwd: folder });
  if (run.exitCode !== 0 || run.stderr !== '') throw new Error(`esbuild: ${run.stderr}`);
  const metafile: {
    readonly inputs: Record<string, unknown>;
    readonly outputs: Record<string, { readonly imports: readonly { readonly path: string }[] }>;
  } = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8'));
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  return { files: Object.keys(metafile.inputs), imports };
}

/** A running workerd with the bundled Worker under each of the settings. */
export interface Workerd {
  readonly jobs: (name: WorkerName) => DoJob;
  /** Ends the process; resolves to what it wrote. */
  stop(): Promise<string>;
}

export async function startWorkerd(program: string, folder: string): Promise<Workerd> {
  writeFileSync(join(folder, 'workerd.capnp'), configuration());
  const child = spawn(program, ['serve', 'workerd.capnp', '--control-fd=3'], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  for (const output of [child.stdout, child.stderr])
    output?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  const closed = once(child, 'close');
  const ports = await readPorts(child.stdio[3]);
  if (ports.size < Object.keys(WORKERS).length) {
    child.kill();
    await closed;
    throw new Error(`workerd did not start: ${written.join('')}`);
  }
  return {
    jobs: (name) => async (job, given) => {
      const body = JSON.stringify([job, given]);
      const response = await fetch(`http://127.0.0.1:${ports.get(name)}/`, { method: 'POST', body });
      const { result, error } = (await response.json()) as { result?: unknown; error?: string };
      if (error !== undefined) throw new Error(error);
      return result;
    },
    stop: async () => {
      child.kill();
      await closed;
      return written.join('');
    },
  };
}

/** Each socket is reported once it has a port; the pipe ends early when workerd does. */
async function readPorts(control: unknown): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  if (!(control instanceof Readable)) return ports;
  for await (const line of createInterface({ input: control })) {
    const { socket, port }: { socket: string; port: number } = JSON.parse(line);
    ports.set(socket, port);
    if (ports.size === Object.keys(WORKERS).length) break;
  }
  return ports;
}

/** Workers reach nothing but the loopback interface. */
function configuration(): string {
  const workers = Object.entries(WORKERS).map(
    ([name, { date, flags }]) =>
      `(name = "${name}", worker = (modules = [(name = "bundle.mjs", esModule = embed "bundle.mjs")],
        compatibilityDate = "${date}", compatibilityFlags = ${JSON.stringify(flags)}, globalOutbound = "loopback"))`,
  );
  const sockets = Object.keys(WORKERS).map(
    (name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "loopback", network = (allow = ["local"])), ${workers.join(', ')}],
  sockets = [${sockets.join(', ')}],
);
`;
}
