import { findOperatingSystem } from '../config/environment.js';

/** Milliseconds since this machine was started, also those in which it slept; undefined where nobody may know, as in a browser. */
export async function machineUptime(): Promise<number | undefined> {
  try {
    const system = findOperatingSystem();
    return system === undefined ? undefined : system.uptime() * 1000;
  } catch {
    // Deno tells only those who were given --allow-sys.
    return undefined;
  }
}
