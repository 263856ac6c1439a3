import { exec } from 'node:child_process';

/** Runs a line as a `credential_process` is run: by the shell, with nothing of this process's own settings. */
export function runShell(line: string, env: Readonly<Record<string, string>> = {}): Promise<ShellRun> {
  return new Promise((resolve) => {
    exec(line, { env: { PATH: process.env['PATH'], ...env }, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : (error.code ?? -1), stdout, stderr });
    });
  });
}

export interface ShellRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
