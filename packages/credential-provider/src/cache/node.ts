import { ConfigurationError } from '@rolesanywhere/signer';
import { runsOnWindows } from '../config/environment.js';
import { openFileCache } from './file-cache.js';
import type { SessionCache } from './session-cache.js';

/**
 * The side of `#cache` where there are files: the cache in this directory, if it may be one.
 * @throws ConfigurationError `INVALID_OPTION` on Windows, and for a directory that is no path
 */
export async function openCheckedCache(directory: string | undefined): Promise<SessionCache> {
  const problem = findProblem(directory);
  if (problem === undefined) return openFileCache(directory);
  throw new ConfigurationError({ code: 'INVALID_OPTION', message: problem });
}

function findProblem(directory: unknown): string | undefined {
  if (runsOnWindows()) {
    return 'fileSessionCache is not offered on Windows, whose file permissions it does not check: leave `cache` out.';
  }
  const isPath = directory === undefined || (typeof directory === 'string' && directory !== '');
  return isPath ? undefined : '`directory` of fileSessionCache must be the path of a directory.';
}
