import { type FileHandle, open } from 'node:fs/promises';
import { IdentityError } from '@rolesanywhere/signer';

/** A key with its chain has some kilobytes, Java's store of all roots 200. What is larger was named by mistake. */
export const MAXIMUM_OCTETS = 1024 * 1024;

/**
 * The bytes of a file, or of a named pipe.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when it cannot be read, is a directory or a device, or has more than 1 MiB
 */
export async function readFileOf(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const facts = await file.stat();
    if (facts.isFile() || facts.isFIFO()) return await readAtMost(file, path);
    const what = facts.isDirectory() ? 'a directory' : 'no file';
    throw unavailable(path, `is ${what}. Give the path of a PKCS#12 file.`);
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    throw unavailable(path, reasonOf(error), error);
  } finally {
    await file?.close();
  }
}

async function readAtMost(file: FileHandle, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let total = 0; total <= MAXIMUM_OCTETS;) {
    const piece = new Uint8Array(32 * 1024);
    const { bytesRead } = await file.read(piece, 0, piece.length, null);
    if (bytesRead === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, bytesRead));
    total += bytesRead;
  }
  throw unavailable(path, 'has more than the 1 MiB that a key and its chain take. Check the path.');
}

function reasonOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT')
    return 'does not exist. Check the path; a relative one starts at the working directory.';
  if (code === 'EACCES' || code === 'EPERM')
    return `may not be read by this user (${code}). Change its permissions.`;
  return `cannot be read (${code}).`;
}

function unavailable(path: string, what: string, cause?: unknown): IdentityError {
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${what}`, cause });
}
