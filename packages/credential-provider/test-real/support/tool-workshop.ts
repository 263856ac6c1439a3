import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCleanly, type Run } from '../../../../tools/test-support/real-parts.js';

/** A folder of its own for one tool: its home, its place for temporary files, and where its files go. */
export interface ToolWorkshop {
  readonly folder: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string): string;
  read(name: string): string;
  /** Runs a program there and resolves to its standard output; rejects with all it printed when it fails. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Runs a program there and tells whether it succeeded, with all it printed. */
  tryRun(program: string, ...args: string[]): Promise<{ readonly ok: boolean; readonly output: string }>;
  remove(): void;
}

export function openToolWorkshop(): ToolWorkshop {
  const folder = mkdtempSync(join(tmpdir(), 'other-pki-'));
  // Java's performance data would lie in /tmp itself, whatever TMPDIR says.
  const java = { JAVA_TOOL_OPTIONS: `-XX:-UsePerfData -Djava.io.tmpdir=${folder} -Duser.home=${folder}` };
  const env = { HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8', ...java };
  // Nobody is there to answer a question: it is answered by the end of the input.
  const start = (command: readonly string[]): Promise<Run> =>
    runCleanly(['sh', '-c', 'exec "$0" "$@" </dev/null', ...command], { cwd: folder, env });
  return {
    folder,
    write(name, content) {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
      return join(folder, name);
    },
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    async run(...command) {
      const { exitCode, stdout, stderr } = await start(command);
      if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
      return stdout;
    },
    async tryRun(...command) {
      const { exitCode, stdout, stderr } = await start(command);
      return { ok: exitCode === 0, output: `${stdout}${stderr}` };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
