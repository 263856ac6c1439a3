import { ConfigurationError } from '@rolesanywhere/signer';
import type { SessionCache } from './session-cache.js';

/**
 * The side of `#cache` where there are no files, as in browsers and Workers.
 * @throws ConfigurationError `INVALID_OPTION`
 */
export async function openCheckedCache(_directory: string | undefined): Promise<SessionCache> {
  const message = 'fileSessionCache needs files, which there are none of here: leave `cache` out.';
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}
