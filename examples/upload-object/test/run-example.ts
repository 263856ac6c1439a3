import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = fileURLToPath(new URL('../dist/upload-object.js', import.meta.url));

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Compiles the example and the packages it stands on, where that has not been done since their last change. */
export async function compileExample(): Promise<void> {
  const packages = ['@rolesanywhere/signer', '@rolesanywhere/credential-provider', 'example-upload-object'];
  const { exitCode, stderr } = await run([`${root}/tools/build.js`, ...packages], root, {});
  if (exitCode !== 0) throw new Error(stderr);
}

/** Runs the compiled example in a folder, as a stranger would, with these variables and no others. */
export function runExample(folder: string, env: Readonly<Record<string, string>>): Promise<Run> {
  return run([example], folder, { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
}

function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Run> {
  const options = { cwd, env: { PATH: process.env['PATH'], HOME: cwd, ...env }, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr });
    });
  });
}
