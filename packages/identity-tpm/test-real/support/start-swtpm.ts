import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';

/** An emulated TPM, and the programs of others that use it. */
export interface Swtpm {
  /** For the option `device`. */
  readonly device: string;
  /** Where the programs read and write. */
  readonly folder: string;
  /** Runs a program and gives what it printed; what it left loaded is flushed. Rejects when it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** The same, but what it left loaded stays there. */
  tool(program: string, ...args: readonly string[]): Promise<string>;
  /** Handles of everything that is loaded. */
  loaded(): Promise<string>;
  /** TPM_PT_LOCKOUT_COUNTER. */
  wrongPasswords(): Promise<number>;
  /** Stops it from working, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Without a farewell, as a crash. */
  kill(): Promise<void>;
  /** After {@link kill}: the same TPM, reset. `flags` as swtpm takes them. Default: started up. */
  start(flags?: string): Promise<void>;
  /** The end of it, and of its folder. */
  stop(): Promise<void>;
}

/** Starts a TPM of its own, on a Unix socket or a TCP port of IPv4 or IPv6. */
export async function startSwtpm(kind: 'unix' | 'tcp' | 'tcp6' = 'unix'): Promise<Swtpm> {
  const folder = mkdtempSync(join(tmpdir(), 'swtpm-'));
  mkdirSync(join(folder, 'state'));
  const where = kind === 'unix' ? onUnix(folder) : await onTcp(kind === 'tcp6' ? '::1' : '127.0.0.1');
  const env = { TPM2TOOLS_TCTI: where.tcti, TPM2OPENSSL_TCTI: where.tcti };
  let child: ChildProcess | undefined;

  async function start(flags = 'not-need-init,startup-clear'): Promise<void> {
    const state = ['--tpmstate', `dir=${join(folder, 'state')}`, '--flags', flags];
    const args = ['socket', '--tpm2', ...state, '--server', where.server, '--ctrl', where.ctrl];
    child = spawn('swtpm', args, { stdio: 'ignore' });
    for (let waited = 0; !(await answers(where.address)); waited += 20) {
      if (waited > 10_000) throw new Error('swtpm did not start');
      await pause(20);
    }
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async function runTool(program: string, ...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runCleanly([program, ...args], { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  await start();
  return {
    device: where.device,
    folder,
    async run(program, ...args) {
      try {
        return await runTool(program, ...args);
      } finally {
        for (const what of ['-t', '-l', '-s']) await runTool('tpm2_flushcontext', what);
      }
    },
    tool: runTool,
    loaded: async () => (await runTool('tpm2_getcap', 'handles-transient')).trim(),
    async wrongPasswords() {
      const output = await runTool('tpm2_getcap', 'properties-variable');
      return Number(/LOCKOUT_COUNTER: (\S+)/.exec(output)?.[1]);
    },
    signal: (signal) => void child?.kill(signal),
    kill,
    start,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

interface Whereabouts {
  readonly device: string;
  readonly tcti: string;
  readonly server: string;
  readonly ctrl: string;
  readonly address: { readonly path: string } | { readonly host: string; readonly port: number };
}

function onUnix(folder: string): Whereabouts {
  const path = join(folder, 'sock');
  return {
    device: `unix:${path}`,
    tcti: `swtpm:path=${path}`,
    server: `type=unixio,path=${path}`,
    ctrl: `type=unixio,path=${path}.ctrl`,
    address: { path },
  };
}

/** The tools take the port after that of the commands for that of the controls. */
async function onTcp(host: string): Promise<Whereabouts> {
  const port = await freePair(host);
  return {
    device: host.includes(':') ? `tcp:[${host}]:${port}` : `tcp:${host}:${port}`,
    tcti: `swtpm:host=${host},port=${port}`,
    server: `type=tcp,port=${port},bindaddr=${host}`,
    ctrl: `type=tcp,port=${port + 1},bindaddr=${host}`,
    address: { host, port },
  };
}

async function freePair(host: string): Promise<number> {
  for (;;) {
    const port = await listenOnce(host, 0);
    if (port !== undefined && port < 65_535 && (await listenOnce(host, port + 1)) !== undefined) return port;
  }
}

function listenOnce(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function answers(address: Whereabouts['address']): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
