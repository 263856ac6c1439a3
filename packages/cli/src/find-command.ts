import { commands, type CommandName } from './commands.js';
import { nearest } from './did-you-mean.js';
import { UsageError } from './errors.js';

/** True for the name of a command. */
export function isCommandName(name: string): name is CommandName {
  return commands.some((command) => command.name === name);
}

/**
 * The command of this name.
 * @throws UsageError with the nearest name, or all of them
 */
export function findCommand(name: string): (typeof commands)[number] {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const meant = nearest(name, names);
  throw new UsageError([
    meant === undefined
      ? `there is no such command; the commands are ${names.join(', ')}`
      : `there is no command '${name}'; did you mean ${meant}?`,
  ]);
}
