import type * as Files from 'node:fs/promises';
import { IdentityError } from '../errors.js';
import type { Source } from './key-material.js';
import { readPipe, type Sleep } from './read-pipe.js';

/** A certificate with chain and key is some kilobytes. What is larger was named by mistake. */
const MAXIMUM_FILE_BYTES = 1024 * 1024;

/** More than nearly every file has, so that one read gets it. */
const USUAL_BYTES = 8192;

/**
 * Reads a file, or a pipe such as a shell makes for `<(…)`.
 * Rejects with IdentityError `IDENTITY_UNAVAILABLE` for what cannot be read or has more than 1 MiB.
 */
export type SourceReader = (path: string) => Promise<Source>;

/** A reader that waits for pipes by this timer. */
export function createSourceReader(sleep: Sleep): SourceReader {
  // Kept, because getting hold of Node's module costs as much as reading a file.
  let loading: Promise<typeof Files | undefined> | undefined;
  return async (path) => {
    // Caught, so that a bundler for a place without files only warns.
    loading ??= import('node:fs/promises').catch(() => undefined);
    const files = await loading;
    if (files !== undefined) return readSource(path, files, sleep);
    const message = `${path} cannot be read: there are no files on this platform. Use fromPem with the content.`;
    throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
  };
}

async function readSource(path: string, files: typeof Files, sleep: Sleep): Promise<Source> {
  let data: Uint8Array;
  try {
    data = await readBytes(path, files, sleep);
  } catch (cause) {
    throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${reasonOf(cause)}`, cause });
  }
  if (data.length <= MAXIMUM_FILE_BYTES) return { label: path, data };
  const message = `${path} has ${data.length} bytes, more than the 1 MiB that certificates and keys take. Check the path.`;
  throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

/**
 * Not by `readFile`, which takes twice as many steps, and in whose `open` a pipe without a writer would be waited for in a way
 * that nothing ends, not even the end of the program.
 */
async function readBytes(path: string, files: typeof Files, sleep: Sleep): Promise<Uint8Array> {
  // Windows does not know the second, and `|` takes that for none.
  const { O_RDONLY, O_NONBLOCK } = files.constants;
  const file = await files.open(path, O_RDONLY | O_NONBLOCK);
  const readAt = async (buffer: Uint8Array, position: number | null): Promise<number> =>
    (await file.read(buffer, 0, buffer.length, position)).bytesRead;
  try {
    const buffer = new Uint8Array(USUAL_BYTES);
    const count = await readAt(buffer, 0);
    return count < USUAL_BYTES ? buffer.slice(0, count) : await files.readFile(path);
  } catch (error) {
    // What has no positions is no file.
    if (codeOf(error) !== 'ESPIPE') throw error;
    return await readPipe((buffer) => readAt(buffer, null), { maximumBytes: MAXIMUM_FILE_BYTES, sleep });
  } finally {
    // Nobody need wait for it.
    file.close().catch(() => undefined);
  }
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ENOENT')
    return 'does not exist. Check the path; a relative one starts at the working directory.';
  if (code === 'EISDIR') return 'is a directory. Give the path of a file.';
  if (code === 'EACCES' || code === 'EPERM')
    return `may not be read by this user (${code}). Change its permissions.`;
  if (code === 'SILENT_PIPE') return 'is a pipe into which nobody writes. Check the program that should.';
  return `cannot be read (${code}).`;
}

function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause
    ? String(cause.code)
    : 'unknown error';
}
