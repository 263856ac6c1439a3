import { parseArgs } from 'node:util';
import { nearest } from './did-you-mean.js';
import { UsageError } from './errors.js';
import type { FlagDefinition, FlagValues } from './flags.js';

/** What a command line after the command's name says. */
export interface ParsedFlags<D extends readonly FlagDefinition[]> {
  readonly values: FlagValues<D>;
  /** `--help` or `-h` stands somewhere; then nothing else is judged. */
  readonly helpWanted: boolean;
}

/**
 * Reads flags as the command line of `aws_signing_helper` does: `--flag value`, `--flag=value`, `--flag` and
 * `--flag=false` for a boolean, the last of several wins, a value may begin with a hyphen.
 *
 * @throws UsageError naming everything that is wrong: an unknown flag, a missing or unusable value, an argument that
 * belongs to no flag. No message repeats a value that could be a secret.
 */
export function parseFlags<const D extends readonly FlagDefinition[]>(
  args: readonly string[],
  definitions: D,
): ParsedFlags<D> {
  const tokens = tokenize(args, definitions);
  const helpWanted = tokens.some(({ kind, name }) => kind === 'option' && (name === 'help' || name === 'h'));
  if (helpWanted) return { values: {}, helpWanted };
  const problems: string[] = [];
  const values: Record<string, string | number | boolean> = {};
  for (const token of tokens) {
    const read = readToken(token, { args, definitions });
    if (typeof read === 'string') problems.push(read);
    else if (read !== undefined) values[read.name] = read.value;
  }
  // What follows an unknown flag may be its value, so it is no mistake of its own.
  if (problems.length === 0) problems.push(...strayArguments(tokens, args));
  if (problems.length > 0) throw new UsageError(problems);
  // Each value has been read by its definition, so it has the type that FlagValues gives it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript cannot follow a name through the table
  return { values: values as FlagValues<D>, helpWanted };
}

interface Token {
  readonly kind: 'option' | 'option-terminator' | 'positional';
  /** Place in the arguments. */
  readonly index: number;
  readonly name?: string;
  readonly rawName?: string;
  readonly value?: string | undefined;
}

interface Context {
  readonly args: readonly string[];
  readonly definitions: readonly FlagDefinition[];
}

function tokenize(args: readonly string[], definitions: readonly FlagDefinition[]): readonly Token[] {
  const options = Object.fromEntries(
    definitions.map(({ name, type }) => [name, { type: type === 'boolean' ? type : 'string' } as const]),
  );
  // Not strict: what is wrong is found here, all at once and in our own words.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  // `-certificate` comes as one token per letter; the first stands for all.
  return tokens.filter((token, position) => tokens[position - 1]?.index !== token.index);
}

/** The value of a flag, what is wrong with it, or undefined for what is no flag. */
function readToken(token: Token, { args, definitions }: Context): FlagValue | string | undefined {
  if (token.kind !== 'option' || token.name === undefined) return undefined;
  const definition = definitions.find(({ name }) => `--${name}` === token.rawName);
  if (definition === undefined) return unknownFlag(args[token.index] ?? '', definitions);
  const { name, type } = definition;
  if (type === 'boolean') return readBoolean(name, token.value);
  if (token.value === undefined) return `--${name} needs a value`;
  return type === 'integer' ? readInteger(name, token.value) : { name, value: token.value };
}

interface FlagValue {
  readonly name: string;
  readonly value: string | number | boolean;
}

const truths: ReadonlyMap<string | undefined, boolean> = new Map([
  [undefined, true],
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

function readBoolean(name: string, text: string | undefined): FlagValue | string {
  const value = truths.get(text);
  return value === undefined ? `--${name} is true or false, not '${text}'` : { name, value };
}

function readInteger(name: string, text: string): FlagValue | string {
  return /^[+-]?\d{1,15}$/.test(text)
    ? { name, value: Number(text) }
    : `--${name} needs a whole number, not '${text}'`;
}

function unknownFlag(argument: string, definitions: readonly FlagDefinition[]): string {
  const [name = ''] = argument.split('=', 1);
  const meant = nearest(
    `--${name.replace(/^-+/, '')}`,
    definitions.map((definition) => `--${definition.name}`),
  );
  if (meant !== undefined) return `unknown flag ${name}; did you mean ${meant}?`;
  // A single hyphen with anything behind it may be a secret in the wrong place.
  return name.startsWith('--')
    ? `unknown flag ${name}`
    : 'unknown flag with a single hyphen; flags begin with --';
}

/** Arguments that no flag takes: what a broken line or a missing quote in a configuration file looks like. */
function strayArguments(tokens: readonly Token[], args: readonly string[]): readonly string[] {
  const stray = tokens.find(({ kind }) => kind === 'positional');
  if (stray === undefined) return [];
  const before = tokens.findLast(({ kind, index }) => kind === 'option' && index < stray.index);
  const place = before === undefined ? 'before the first flag' : `after ${before.rawName}`;
  return [
    args[stray.index]?.trim().startsWith('--') === true
      ? `the argument ${place} begins with a space; write the whole command on one line, without back-slashes`
      : `the argument ${place} belongs to no flag; quote a value that holds a space, and give a boolean as --flag=false`,
  ];
}
