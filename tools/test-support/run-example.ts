/** For tests: an example as a stranger runs it, a program of its own. */
import { fileURLToPath } from 'node:url';
import { type Run, runCleanly } from './real-parts.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The path of the compiled program of an example, from the root of the file system. */
export function programOf(example: string): string {
  return fileURLToPath(new URL(`../../examples/${example}/dist/${example}.js`, import.meta.url));
}

/** Compiles an example and the packages it stands on, where that has not been done since their last change. */
export async function compileExample(example: string, guests: readonly string[] = []): Promise<void> {
  const packages = ['signer', 'credential-provider', ...guests].map((name) => `@rolesanywhere/${name}`);
  const command = [`${root}/tools/build.js`, ...packages, `example-${example}`] as const;
  const { exitCode, stderr } = await runCleanly([process.execPath, ...command], { cwd: root });
  if (exitCode !== 0) throw new Error(stderr);
}

/** Runs a compiled example in a folder, with these variables and no others that decide. */
export function runExample(
  example: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Run> {
  const quiet = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return runCleanly([process.execPath, programOf(example)], { cwd, env: { HOME: cwd, ...quiet, ...env } });
}
