import type * as Files from 'node:fs/promises';
import { readPipe } from './read-pipe.js';
import type { Sleep } from './sleep.js';

/** Reads a file, or a pipe such as a shell makes for `<(…)`. Rejects with {@link UnreadableFile}. */
export type FileReader = (path: string) => Promise<Uint8Array>;

/** What is wrong with a file: its message follows the path, "does not exist. Check the path; …". Never holds content. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
  readonly reason: 'no-files' | 'too-large' | 'unreadable';

  constructor(reason: UnreadableFile['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** How a reader reads. */
export interface FileReaderInit {
  /** What has more is refused, after so much of it was read: a device may have no end. */
  readonly maximumBytes: number;
  /** Waits for the writer of a pipe. */
  readonly sleep: Sleep;
}

/** More than nearly every file has, so that one read gets it. */
const USUAL_BYTES = 8192;

/** The one place of this package that touches files. */
export function createFileReader(init: FileReaderInit): FileReader {
  // Kept, because getting hold of Node's module costs as much as reading a file.
  let loading: Promise<typeof Files | undefined> | undefined;
  return async (path) => {
    // Caught, so that a bundler for a place without files only warns.
    loading ??= import('node:fs/promises').catch(() => undefined);
    const files = await loading;
    if (files === undefined)
      throw new UnreadableFile('no-files', 'cannot be read: there are no files on this platform.');
    const data = await readBytes(path, files, init).catch((cause: unknown) => {
      throw new UnreadableFile('unreadable', reasonOf(cause), cause);
    });
    if (data.length <= init.maximumBytes) return data;
    throw new UnreadableFile('too-large', `has more than ${init.maximumBytes} bytes. Check the path.`);
  };
}

/**
 * Not by `readFile`, which takes twice as many steps, reads what has no end to the end of the memory, and in whose `open` a pipe
 * without a writer would be waited for in a way that nothing ends, not even the end of the program.
 */
async function readBytes(path: string, files: typeof Files, init: FileReaderInit): Promise<Uint8Array> {
  // Windows does not know the second, and `|` takes that for none.
  const { O_RDONLY, O_NONBLOCK } = files.constants;
  const file = await files.open(path, O_RDONLY | O_NONBLOCK);
  const readAt = async (buffer: Uint8Array, position: number | null): Promise<number> =>
    (await file.read(buffer, 0, buffer.length, position)).bytesRead;
  try {
    return await readFromStart(readAt, init.maximumBytes);
  } catch (error) {
    // What has no positions is no file.
    if (codeOf(error) !== 'ESPIPE') throw error;
    return await readPipe((buffer) => readAt(buffer, null), init);
  } finally {
    // Nobody need wait for it.
    file.close().catch(() => undefined);
  }
}

/** To the end, or one byte further than allowed. */
async function readFromStart(
  readAt: (buffer: Uint8Array, position: number) => Promise<number>,
  maximumBytes: number,
): Promise<Uint8Array> {
  const usual = new Uint8Array(Math.min(USUAL_BYTES, maximumBytes + 1));
  let length = await readAt(usual, 0);
  if (length < usual.length) return usual.slice(0, length);
  const bytes = new Uint8Array(maximumBytes + 1);
  bytes.set(usual);
  while (length < bytes.length) {
    const count = await readAt(bytes.subarray(length), length);
    if (count === 0) break;
    length += count;
  }
  return bytes.slice(0, length);
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ENOENT')
    return 'does not exist. Check the path; a relative one starts at the working directory.';
  if (code === 'EISDIR') return 'is a directory. Give the path of a file.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'NotCapable')
    return `may not be read by this user (${code}). Change its permissions.`;
  if (code === 'ENXIO') return 'is a socket or a device that is not there. Give the path of a file.';
  if (code === 'SILENT_PIPE') return 'is a pipe into which nobody writes. Check the program that should.';
  return `cannot be read (${code}).`;
}

/** Deno's own errors have a name and no code. */
function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return 'unknown error';
  if ('code' in cause) return String(cause.code);
  return 'name' in cause && cause.name === 'NotCapable' ? cause.name : 'unknown error';
}
