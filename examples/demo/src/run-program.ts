/** Runs another program without this process's AWS settings, so that nothing but what it is given decides. */
import { execFile } from 'node:child_process';

export interface ProgramRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves to `undefined` when there is no such program on this machine. */
export function runProgram(
  command: readonly [program: string, ...args: string[]],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ProgramRun | undefined> {
  const [program, ...args] = command;
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'SYSTEMROOT'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = { ...Object.fromEntries(kept), ...options.env };
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...options, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ exitCode: 0, stdout, stderr });
      else if (error.code === 'ENOENT') resolve(undefined);
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, stdout, stderr });
      else reject(error);
    });
  });
}
