import { isAbsolute, join } from 'node:path';
import { readEnvironment } from '../config/environment.js';
import { expandHome } from '../config/expand-home.js';
import { lockFile } from './lock-file.js';
import { preparePrivateDirectory, readPrivateFile, replacePrivateFile } from './private-file.js';
import type { SessionCache } from './session-cache.js';
import { sweepDirectory } from './sweep-directory.js';

/**
 * The cache in this directory, which is made and checked anew each time.
 * @throws ConfigurationError when the directory, or a file in it, belongs to or is open to others
 */
export async function openFileCache(directory = defaultDirectory()): Promise<SessionCache> {
  const folder = await expandHome(directory);
  await preparePrivateDirectory(folder);
  const file = (key: string): string => join(folder, `${key}.json`);
  return {
    read: (key) => readPrivateFile(file(key)),
    write: async (key, text) => {
      await replacePrivateFile(file(key), text);
      await sweepDirectory(folder);
    },
    lock: (key, milliseconds) => lockFile(join(folder, `${key}.lock`), milliseconds),
  };
}

/** @see XDG Base Directory Specification: a relative path in the variable is ignored */
function defaultDirectory(): string {
  const base = readEnvironment('XDG_CACHE_HOME') ?? '';
  return `${isAbsolute(base) ? base : '~/.cache'}/rolesanywhere`;
}
