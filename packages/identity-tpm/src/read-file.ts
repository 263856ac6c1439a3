import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { IdentityError } from '@rolesanywhere/signer';
import { codeOf } from './device/connection.js';
import type { Timing } from './timing.js';

/** Certificates and key files are some kilobytes. What is larger was named by mistake. */
const MAXIMUM_OCTETS = 1024 * 1024;
const PIECE_OCTETS = 32 * 1024;

const PAUSE_MILLISECONDS = 10;
/** How long a pipe may have no writer, and how long its writers may be silent, all silences together. */
const NO_WRITER_MILLISECONDS = 80;
const SILENT_WRITER_MILLISECONDS = 10_000;

/**
 * The bytes of a file, or of a pipe such as a shell makes for `<(…)`. Opened without blocking: a pipe without a writer would be
 * waited for in a way that nothing ends.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when it cannot be read, is a directory or a device, has more than 1 MiB, or is
 *   a pipe into which nobody writes
 */
export async function readFileOf(path: string, sleep: Timing['sleep']): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const facts = await file.stat();
    if (facts.isFile()) return await readToEnd(file, path);
    if (facts.isFIFO()) return await readPipe(file, path, sleep);
    throw unavailable(
      path,
      `is ${facts.isDirectory() ? 'a directory' : 'no file'}. Give the path of a file.`,
    );
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    throw unavailable(path, reasonOf(error), error);
  } finally {
    await file?.close();
  }
}

async function readToEnd(file: FileHandle, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let total = 0; total <= MAXIMUM_OCTETS;) {
    const piece = await readPiece(file);
    if (piece.length === 0) return Buffer.concat(pieces);
    pieces.push(piece);
    total += piece.length;
  }
  throw tooLarge(path);
}

/** Nothing to read means that nobody writes yet, or any more; EAGAIN that somebody is there and silent. */
async function readPipe(file: FileHandle, path: string, sleep: Timing['sleep']): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let total = 0, waited = 0; total <= MAXIMUM_OCTETS;) {
    const piece = await readPiece(file).catch((error: unknown) => {
      if (codeOf(error) !== 'EAGAIN') throw error;
    });
    if (piece?.length === 0 && total > 0) return Buffer.concat(pieces);
    if (piece !== undefined && piece.length > 0) {
      pieces.push(piece);
      total += piece.length;
      continue;
    }
    if (waited >= (piece === undefined ? SILENT_WRITER_MILLISECONDS : NO_WRITER_MILLISECONDS))
      throw unavailable(path, 'is a pipe into which nobody writes. Check the program that should.');
    waited += PAUSE_MILLISECONDS;
    await sleep(PAUSE_MILLISECONDS);
  }
  throw tooLarge(path);
}

async function readPiece(file: FileHandle): Promise<Uint8Array> {
  const piece = new Uint8Array(PIECE_OCTETS);
  const { bytesRead } = await file.read(piece, 0, piece.length, null);
  return piece.subarray(0, bytesRead);
}

function tooLarge(path: string): IdentityError {
  return unavailable(path, 'has more than the 1 MiB that certificates and keys take. Check the path.');
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT')
    return 'does not exist. Check the path; a relative one starts at the working directory.';
  if (code === 'EACCES' || code === 'EPERM')
    return `may not be read by this user (${code}). Change its permissions.`;
  if (code === 'ENXIO') return 'is a socket or a device that is not there. Give the path of a file.';
  return `cannot be read (${code}).`;
}

function unavailable(path: string, what: string, cause?: unknown): IdentityError {
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${what}`, cause });
}
