/**
 * The one door to `process.env` in this package. Undefined where there is no `process`, as in a browser.
 * @param name - the variable's name, as it is spelled
 */
export function readEnvironment(name: string): string | undefined {
  const value = globalThis.process?.env?.[name];
  return value === '' ? undefined : value;
}

/** True where there are files to look for the shared configuration in: Node and what behaves like it. */
export function hasFiles(): boolean {
  return typeof globalThis.process?.versions?.node === 'string';
}

/** True where a command line is split by the rules of Windows. */
export function runsOnWindows(): boolean {
  return globalThis.process?.platform === 'win32';
}
