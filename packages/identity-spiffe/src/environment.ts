/**
 * The one door to `process.env` in this package. An empty variable counts as not set.
 *
 * @param name - the variable's name, as it is spelled
 */
export function readEnvironment(name: string): string | undefined {
  const value = globalThis.process?.env[name];
  return value === '' ? undefined : value;
}
