/**
 * The one door to `process.env` in this package. Undefined where there is no `process`, as in a browser.
 * @param name - the variable's name, as it is spelled
 */
export function readEnvironment(name: string): string | undefined {
  const value = globalThis.process?.env[name];
  return value === '' ? undefined : value;
}
