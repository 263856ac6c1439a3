import type { CommandName } from './commands.js';
import type { Command } from './io.js';

/** Loads a command. Each is a chunk of its own, so that starting one does not load the others. */
export function loadCommand(name: CommandName): Promise<Command> {
  return loaders[name]();
}

const loaders: Readonly<Record<CommandName, () => Promise<Command>>> = {
  'credential-process': async () => (await import('./commands/credential-process.js')).credentialProcess,
  version: async () => (await import('./commands/version.js')).version,
  help: async () => (await import('./commands/help.js')).help,
};
