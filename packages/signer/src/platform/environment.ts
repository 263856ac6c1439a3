/**
 * The value of an environment variable; undefined when it is not set. The one place of this package that touches `process`.
 *
 * @throws whatever the runtime throws that does not allow it: Deno without `--allow-env`
 */
export function environmentVariable(name: string): string | undefined {
  return process.env[name];
}
