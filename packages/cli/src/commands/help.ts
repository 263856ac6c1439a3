import { commands, type CommandName } from '../commands.js';
import { findCommand } from '../find-command.js';
import { credentialFlags, type FlagDefinition } from '../flags.js';
import type { Io } from '../io.js';

/** `rolesanywhere help [command]`. */
export async function help(args: readonly string[], io: Io): Promise<number> {
  const topic = args.find((argument) => !argument.startsWith('-'));
  io.stdout(topic === undefined ? overview() : describe(findCommand(topic)));
  return 0;
}

/** What the help of a command says beside its summary. */
interface Page {
  readonly usage: string;
  readonly flags: readonly FlagDefinition[];
  readonly outcome: string;
}

const pages: Readonly<Partial<Record<CommandName, Page>>> = {
  'credential-process': {
    usage: `  rolesanywhere credential-process --certificate FILE --private-key FILE \\
    --trust-anchor-arn ARN --profile-arn ARN --role-arn ARN [flags]

In ~/.aws/config, on one line:
  [profile my-server]
  credential_process = rolesanywhere credential-process --certificate …`,
    flags: credentialFlags,
    outcome: 'Exit code 0 with JSON on stdout, or 1 with one line on stderr.',
  },
};

function overview(): string {
  return `Temporary AWS credentials from an X.509 certificate, through IAM Roles Anywhere.

Usage:
  rolesanywhere <command> [flags]

Commands:
${table(commands.map(({ name, summary }) => [name, summary]))}

rolesanywhere help <command> shows the flags of a command.
`;
}

function describe({ name, summary }: (typeof commands)[number]): string {
  const page = pages[name];
  if (page === undefined) return `${summary}.\n`;
  return `${summary}.

Usage:
${page.usage}

Flags:
${table(page.flags.map(flagRow))}

${page.outcome}
`;
}

function flagRow({ name, placeholder, summary }: FlagDefinition): readonly [string, string] {
  return [placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`, summary];
}

/** Two columns, indented. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
