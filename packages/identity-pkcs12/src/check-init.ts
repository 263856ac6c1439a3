import { ConfigurationError, findPassphraseProblem } from '@rolesanywhere/signer';
import type { FromPkcs12Init } from './from-pkcs12.js';
import { MAXIMUM_OCTETS } from './read-file.js';

/** Where the bytes are. */
export type Place = { readonly path: string } | { readonly data: Uint8Array };

/**
 * Reads the options, and names every one that is wrong.
 *
 * @throws ConfigurationError `INVALID_OPTION`
 */
export function checkInit({ file, data, passphrase }: FromPkcs12Init): Place {
  const problems = [
    (file === undefined) === (data === undefined)
      ? 'exactly one of `file` and `data` must be given'
      : undefined,
    file === undefined || isPath(file) ? undefined : '`file` must be the path of a file',
    data === undefined || data instanceof Uint8Array
      ? undefined
      : '`data` must be the bytes of a PKCS#12 file',
    data instanceof Uint8Array && data.length > MAXIMUM_OCTETS
      ? '`data` must not have more than 1 MiB'
      : undefined,
    findPassphraseProblem(passphrase, 'passphrase'),
  ].filter((problem) => problem !== undefined);
  if (problems.length === 0 && file !== undefined) return { path: file };
  if (problems.length === 0 && data !== undefined) return { data };
  throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}
