import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MILLISECONDS_TO_END = 5000;

/** Programs that run until they are stopped. */
export interface Daemons {
  /** Starts one in the foreground; what it prints goes to `<name>.out` in the folder. */
  start(name: string, command: readonly string[]): void;
  /** The names of those that ended of their own accord. */
  ended(): readonly string[];
  /** Ends all that still run, the youngest first: SIGTERM, and SIGKILL to one that is not gone in 5 s. */
  stop(): Promise<void>;
}

/** Starts programs in a folder, each with nothing in its environment but the search path and what is given. */
export function createDaemons(folder: string, env: Readonly<Record<string, string>>): Daemons {
  const started: { readonly name: string; readonly child: ChildProcess; failed: boolean }[] = [];
  return {
    start(name, command) {
      const output = openSync(join(folder, `${name}.out`), 'a');
      // Killed by the kernel when this process dies before it could stop them.
      const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      const daemon = { name, child, failed: false };
      child.on('error', () => {
        daemon.failed = true;
      });
      started.push(daemon);
    },
    ended: () => started.filter(({ child, failed }) => failed || !isRunning(child)).map(({ name }) => name),
    async stop() {
      // The gateway waits for a store that is gone, and the store for its monitor: one after the other.
      for (const { child } of started.toReversed()) await end(child);
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  const stopWaiting = new AbortController();
  child.kill('SIGTERM');
  await Promise.race([
    gone,
    delay(MILLISECONDS_TO_END, undefined, { signal: stopWaiting.signal }).catch(() => undefined),
  ]);
  stopWaiting.abort();
  if (isRunning(child)) child.kill('SIGKILL');
  await gone;
}
