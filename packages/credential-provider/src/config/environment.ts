import type * as DiagnosticsChannel from 'node:diagnostics_channel';
import type * as OperatingSystem from 'node:os';

/**
 * The one door to `process.env` in this package. Undefined where there is no `process`, as in a browser, and where it may
 * not be read, as in Deno without `--allow-env`: options alone are enough there.
 * @param name - the variable's name, as it is spelled
 */
export function readEnvironment(name: string): string | undefined {
  try {
    const value = globalThis.process?.env?.[name];
    return value === '' ? undefined : value;
  } catch {
    return undefined;
  }
}

/** True where there are files to look for the shared configuration in: Node and what behaves like it. */
export function hasFiles(): boolean {
  return typeof globalThis.process?.versions?.node === 'string';
}

/** True where a command line is split by the rules of Windows. */
export function runsOnWindows(): boolean {
  return globalThis.process?.platform === 'win32';
}

/** The number of this process. */
export function ownProcessId(): number {
  return globalThis.process.pid;
}

/** The user that this process acts as; undefined where there are no such numbers. */
export function ownUserId(): number | undefined {
  return globalThis.process.geteuid?.();
}

/** False when no process of this machine has the number. Signal 0 is sent to nobody. */
export function isProcessAlive(processId: number): boolean {
  try {
    return globalThis.process.kill(processId, 0);
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

/** Node's `node:diagnostics_channel`; undefined where there is none. Looked up, not imported, so that bundles for the web need not have it. */
export function findDiagnosticsChannels(): typeof DiagnosticsChannel | undefined {
  return globalThis.process?.getBuiltinModule?.('node:diagnostics_channel');
}

/** Node's `node:os`; undefined where there is none. */
export function findOperatingSystem(): typeof OperatingSystem | undefined {
  return globalThis.process?.getBuiltinModule?.('node:os');
}
