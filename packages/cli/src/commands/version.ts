import type { Io } from '../io.js';

/** `rolesanywhere version`: the version alone on a line. */
export async function version(args: readonly string[], io: Io): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    const { help } = await import('./help.js');
    return help(['version'], io);
  }
  io.stdout(`${io.version}\n`);
  return 0;
}
