import { findCommand, isCommandName } from './find-command.js';
import type { Io } from './io.js';
import { loadCommand } from './load-command.js';

/**
 * Runs one command line. An error becomes one line on stderr, and nothing goes to stdout then.
 *
 * @param args - the arguments after the program's name
 * @returns the exit code: 0, or 1 for every failure, as with `aws_signing_helper`
 * @example
 * await runCommandLine(['version'], io); // 0
 */
export async function runCommandLine(args: readonly string[], io: Io): Promise<number> {
  const [given = 'help', ...rest] = args;
  const name = synonyms.get(given) ?? given;
  try {
    const run = await loadCommand(findCommand(name).name);
    return await run(rest, io);
  } catch (error) {
    const { describeError } = await import('./describe-error.js');
    const topic = isCommandName(name) && name !== 'help' ? name : undefined;
    io.stderr(`rolesanywhere: ${describeError(error, topic)}\n`);
    return 1;
  }
}

/** Flags that stand where a command is expected. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
]);
