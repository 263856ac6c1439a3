import { IdentityError } from '../errors.js';
import { MAXIMUM_SOURCE_BYTES, type Source } from './key-material.js';
import { UnreadableFile, createFileReader } from './read-file.js';
import type { Sleep } from './sleep.js';

/**
 * Reads a file of certificates or keys, or a pipe with them.
 * Rejects with IdentityError `IDENTITY_UNAVAILABLE` for what cannot be read or has more than 1 MiB.
 */
export type SourceReader = (path: string) => Promise<Source>;

/** A reader that waits for pipes by this timer. */
export function createSourceReader(sleep: Sleep): SourceReader {
  const read = createFileReader({ maximumBytes: MAXIMUM_SOURCE_BYTES, sleep });
  return async (path) => {
    try {
      return { label: path, data: await read(path) };
    } catch (error) {
      throw unavailable(path, error);
    }
  };
}

function unavailable(path: string, error: unknown): unknown {
  if (!(error instanceof UnreadableFile)) return error;
  const { cause, reason } = error;
  const says = {
    'no-files': `${error.message} Use fromPem with the content.`,
    'too-large': 'has more than the 1 MiB that certificates and keys may take. Check the path.',
    unreadable: error.message,
  }[reason];
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${says}`, cause });
}
