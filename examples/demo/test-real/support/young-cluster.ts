import { setTimeout as delay } from 'node:timers/promises';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';
import type { Daemons } from './daemons.js';

/** Exit code of Ceph's tools for something that is there already: an earlier try did its work after all. */
const EXISTS = 17;

/** A cluster while it starts. */
export interface YoungCluster {
  readonly folder: string;
  /** Tells Ceph's tools where its configuration is. */
  readonly env: Readonly<Record<string, string>>;
  readonly daemons: Daemons;
  /** Until when it must be ready; milliseconds since 1970. */
  readonly deadline: number;
}

/** Runs a command, none of whose words has a space, until it succeeds: a young cluster refuses some without reason. */
export async function succeed(cluster: YoungCluster, command: string): Promise<void> {
  await until(cluster, command, async () => {
    const bounded = ['-k', '2', '20', ...command.split(' ')];
    const run = await runCleanly(['timeout', ...bounded], { cwd: cluster.folder, env: cluster.env });
    if (run.exitCode === 0 || run.exitCode === EXISTS) return undefined;
    return `exit code ${run.exitCode}: ${run.stderr.trim()}`;
  });
}

/** Tries until there is no complaint, a daemon died, or the time is over. */
export async function until(
  { daemons, deadline }: YoungCluster,
  what: string,
  attempt: () => Promise<string | undefined>,
): Promise<void> {
  for (;;) {
    const complaint = await attempt().catch(String);
    if (complaint === undefined) return;
    const dead = daemons.ended();
    if (dead.length > 0) throw new Error(`${dead.join(', ')} ended during: ${what}: ${complaint}`);
    if (Date.now() > deadline) throw new Error(`out of time at: ${what}: ${complaint}`);
    await delay(300);
  }
}
