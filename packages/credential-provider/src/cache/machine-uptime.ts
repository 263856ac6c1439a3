import { hasFiles } from '../config/environment.js';

/** Milliseconds since this machine was started, also those in which it slept; undefined where nobody may know, as in a browser. */
export async function machineUptime(): Promise<number | undefined> {
  if (!hasFiles()) return undefined;
  try {
    const { uptime } = await import('node:os');
    return uptime() * 1000;
  } catch {
    // Deno tells only those who were given --allow-sys.
    return undefined;
  }
}
