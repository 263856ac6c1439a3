import { type FileHandle, constants, open } from 'node:fs/promises';
import { IdentityError } from '@rolesanywhere/signer';

/** A key with its chain has some kilobytes, Java's store of all roots 200. What is larger was named by mistake. */
export const MAXIMUM_OCTETS = 1024 * 1024;

const PAUSE_MILLISECONDS = 10;
/** How long a pipe may have no writer, which is told like anything that is broken; and how long its writer may be silent. */
const NO_WRITER_MILLISECONDS = 50;
const SILENT_WRITER_MILLISECONDS = 10_000;

/**
 * The bytes of a file, or of a pipe.
 *
 * @param sleep - waits for the writer of a pipe
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when it cannot be read, is a directory or a device, is a pipe into which nobody
 *   writes, or has more than 1 MiB
 */
export async function readFileOf(
  path: string,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    // Or nothing would end the waiting for a pipe that has no writer, not even the end of the program.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat();
    if (!facts.isFile() && !facts.isFIFO())
      throw unavailable(
        path,
        `is ${facts.isDirectory() ? 'a directory' : 'no file'}. Give the path of a PKCS#12 file.`,
      );
    const data = await readAtMost(file, facts.isFIFO() ? sleep : undefined);
    if (data.length <= MAXIMUM_OCTETS) return data;
    throw unavailable(path, 'has more than the 1 MiB that a key and its chain take. Check the path.');
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    throw unavailable(path, reasonOf(error), error);
  } finally {
    await file?.close();
  }
}

/** Whether this is why a file cannot be read. */
export function isMissing(cause: unknown): boolean {
  return codeOf(cause) === 'ENOENT';
}

/** To the end, or a little further than is allowed. */
async function readAtMost(
  file: FileHandle,
  sleep: ((milliseconds: number) => Promise<void>) | undefined,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let waited = 0;
  for (let total = 0; total <= MAXIMUM_OCTETS;) {
    const piece = new Uint8Array(32 * 1024);
    const count = await file.read(piece, 0, piece.length, null).then(({ bytesRead }) => bytesRead, asSilence);
    if (count > 0) pieces.push(piece.subarray(0, count));
    total += Math.max(count, 0);
    if (count > 0) continue;
    if (sleep === undefined || (count === 0 && total > 0)) break;
    waited += PAUSE_MILLISECONDS;
    if (waited > (count === 0 ? NO_WRITER_MILLISECONDS : SILENT_WRITER_MILLISECONDS)) throw silentPipe();
    await sleep(PAUSE_MILLISECONDS);
  }
  return Buffer.concat(pieces);
}

const SILENCE = -1;

/** A pipe that has a writer who has written nothing yet. */
function asSilence(error: unknown): number {
  if (codeOf(error) === 'EAGAIN') return SILENCE;
  throw error;
}

function silentPipe(): Error {
  return Object.assign(new Error('Nobody writes into this pipe.'), { code: 'SILENT_PIPE' });
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT')
    return 'does not exist. Check the path; a relative one starts at the working directory.';
  if (code === 'EACCES' || code === 'EPERM')
    return `may not be read by this user (${code}). Change its permissions.`;
  if (code === 'ENXIO') return 'is no file. Give the path of a PKCS#12 file.';
  if (code === 'SILENT_PIPE') return 'is a pipe into which nobody writes. Check the program that should.';
  return `cannot be read (${code}).`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown error';
}

function unavailable(path: string, what: string, cause?: unknown): IdentityError {
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${what}`, cause });
}
