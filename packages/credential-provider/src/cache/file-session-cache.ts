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
    const { openCheckedCache } = await import('#cache');
    return openCheckedCache(directory);
  };
  return {
    read: async (key) => (await files()).read(key),
    write: async (key, text, expiration) => (await files()).write(key, text, expiration),
    lock: async (key, milliseconds) => (await files()).lock(key, milliseconds),
  };
}
