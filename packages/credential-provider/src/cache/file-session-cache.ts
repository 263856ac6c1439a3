import { ConfigurationError } from '@rolesanywhere/signer';
import { hasFiles, runsOnWindows } from '../config/environment.js';
import type { SessionCache } from './session-cache.js';

/** Options of {@link fileSessionCache}. */
export interface FileSessionCacheInit {
  /**
   * Made with mode 0700 when it is missing; a leading `~` is the home directory.
   * Default: `$XDG_CACHE_HOME/rolesanywhere`, else `~/.cache/rolesanywhere`.
   */
  readonly directory?: string | undefined;
}

/**
 * Shares sessions among the processes of one user through files of mode 0600. A directory or file that others may read, write or own
 * is not used.
 *
 * Not offered on Windows, whose file permissions it does not check, nor in browsers and Workers. There, and wherever else it cannot
 * be used, each process calls the service by itself; the logger and the event `cacheFailed` tell why, once. Creating it never throws.
 *
 * @example
 * fromRolesAnywhere({ cache: fileSessionCache() });
 */
export function fileSessionCache({ directory }: FileSessionCacheInit = {}): SessionCache {
  // What touches files is loaded with the first call.
  const files = async (): Promise<SessionCache> => {
    const problem = findProblem(directory);
    if (problem !== undefined) throw new ConfigurationError({ code: 'INVALID_OPTION', message: problem });
    const { openFileCache } = await import('./file-cache.js');
    return openFileCache(directory);
  };
  return {
    read: async (key) => (await files()).read(key),
    write: async (key, text, expiration) => (await files()).write(key, text, expiration),
    lock: async (key, milliseconds) => (await files()).lock(key, milliseconds),
  };
}

function findProblem(directory: unknown): string | undefined {
  if (!hasFiles()) return 'fileSessionCache needs files, which there are none of here: leave `cache` out.';
  if (runsOnWindows()) {
    return 'fileSessionCache is not offered on Windows, whose file permissions it does not check: leave `cache` out.';
  }
  const isPath = directory === undefined || (typeof directory === 'string' && directory !== '');
  return isPath ? undefined : '`directory` of fileSessionCache must be the path of a directory.';
}
