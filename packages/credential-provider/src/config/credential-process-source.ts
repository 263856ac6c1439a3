import { flagMeanings } from './flag-names.js';
import { readNamedTexts } from './named-texts.js';
import type { Problem } from './problem.js';
import type { CommandSplitter } from './split-command.js';
import type { TextSource } from './text-source.js';

/**
 * Reads a `credential_process` line of AWS's `aws_signing_helper`, or of this project's `rolesanywhere`, so that what it
 * would do can be done without a process. Undefined for the command of any other program.
 * @param line - the value of `credential_process`
 * @param place - where it stands, for messages
 */
export function readCredentialProcess(
  line: string,
  place: string,
  split: CommandSplitter,
): TextSource | undefined {
  const { words, problem } = split(line);
  const [program = '', command, ...args] = words;
  if (command !== 'credential-process' || !isOurs(program)) return undefined;
  if (problem !== undefined) {
    const problems = [invalid(`the command (${place}) ${problem}`)];
    return { place, texts: new Map(), problems, identityProblems: [] };
  }
  const { entries, problems } = readFlags(args, place);
  const source = readNamedTexts(entries, { place, meanings: flagMeanings });
  return { ...source, problems: [...problems, ...source.problems] };
}

function isOurs(program: string): boolean {
  return /(^|[\\/])(aws_signing_helper|rolesanywhere)(\.exe|\.cmd)?$/i.test(program);
}

interface Flags {
  readonly entries: readonly (readonly [name: string, text: string])[];
  readonly problems: readonly Problem[];
}

/** `--flag value`, `--flag=value`, and for a boolean `--flag` alone; one hyphen counts as two. */
function readFlags(args: readonly string[], place: string): Flags {
  const entries: (readonly [string, string])[] = [];
  const problems: Problem[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name, given] = /^--?([a-z][a-z0-9-]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const meaning = name === undefined ? undefined : flagMeanings.get(name);
    if (name === undefined || meaning === undefined) {
      problems.push(strayProblem(name, arg, place));
      // What follows may be its value, and would only be blamed for this mistake.
      return { entries, problems };
    }
    const text = given ?? (meaning.type === 'boolean' ? 'true' : rest.shift());
    if (text === undefined) problems.push(invalid(`${name} (${place}) needs a value`));
    else entries.push([name, text]);
  }
  return { entries, problems };
}

/** Names the flag; of what is none nothing is repeated, since it may be a passphrase whose quotes are missing. */
function strayProblem(name: string | undefined, arg: string, place: string): Problem {
  if (name !== undefined && arg.startsWith('--')) {
    return invalid(`the flag --${name} (${place}) is not known; correct its name, or leave it out`);
  }
  return invalid(
    `an argument (${place}) belongs to no flag; quote a value that holds a space, give a boolean as --flag=false, and write the whole command on one line`,
  );
}

function invalid(message: string): Problem {
  return { code: 'INVALID_OPTION', message };
}
