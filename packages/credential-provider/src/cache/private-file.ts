import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { ConfigurationError } from '@rolesanywhere/signer';
import { ownUserId } from '../config/environment.js';
import { hasCode } from './has-code.js';

/** A session with its token takes about 2 KB; more than this is none of ours. */
const longestFileBytes = 65_536;

/**
 * Makes the directory with mode 0700 when it is missing.
 * @throws ConfigurationError when it is no directory, or belongs to or is open to others
 */
export async function preparePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await lstat(directory);
  if (!found.isDirectory()) throw unsafe(`${directory} is not a directory.`);
  checkPrivate(directory, found);
}

/**
 * The file's text; undefined when there is none, or one that is too long.
 * @throws ConfigurationError when it is no regular file, or belongs to or is open to others
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  const handle = await openRegular(path);
  if (handle === undefined) return undefined;
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw unsafe(`${path} is not a regular file.`);
    checkPrivate(path, found);
    return found.size > longestFileBytes ? undefined : await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Not through a symbolic link, and without waiting for a pipe's other end. */
async function openRegular(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (hasCode(error, 'ELOOP')) throw unsafe(`${path} is a symbolic link.`);
    throw error;
  }
}

/** Makes a file with mode 0600; false when there is one already. Leaves none behind that is half written. */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    await handle.writeFile(text);
    await handle.sync();
    return true;
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Writes all or nothing, with mode 0600: readers see the old file or the new one. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await createPrivateFile(temporary, text);
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function checkPrivate(path: string, { uid, mode }: { readonly uid: number; readonly mode: number }): void {
  if (uid === ownUserId() && (mode & 0o077) === 0) return;
  throw unsafe(`${path} belongs to another user or is open to others. Remove it, or take their rights away.`);
}

function unsafe(message: string): ConfigurationError {
  return new ConfigurationError({ code: 'INVALID_OPTION', message });
}
