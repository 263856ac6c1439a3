import { randomUUID } from 'node:crypto';
import { link, lstat, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isProcessAlive, ownProcessId } from '../config/environment.js';
import { parseLockMark, type LockMark } from './lock-mark.js';
import { createPrivateFile } from './private-file.js';

/**
 * Takes a lock by making its file; undefined when another process that may live holds it. A dead one's lock is taken over.
 * @param milliseconds - the longest that the lock will be held
 */
export async function lockFile(
  path: string,
  milliseconds: number,
): Promise<(() => Promise<void>) | undefined> {
  // A container that is started anew has its old host name and process number: the start tells them apart.
  const owner = { host: hostname(), pid: ownProcessId(), start: performance.timeOrigin };
  const mark = JSON.stringify({ ...owner, milliseconds, id: randomUUID() });
  if (!(await createPrivateFile(path, mark))) {
    if (!(await removeStale(path, owner)) || !(await createPrivateFile(path, mark))) return undefined;
  }
  return async () => {
    if ((await readFile(path, 'utf8').catch(() => '')) === mark) await unlink(path);
  };
}

type Owner = Pick<LockMark, 'host' | 'pid' | 'start'>;

/** True when the lock is gone. Moved aside first, so that of two processes none removes the lock that the other has just taken. */
async function removeStale(path: string, self: Owner): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return true;
  const mark = parseLockMark(text);
  // Whichever way the clock was set since.
  if (Math.abs(Date.now() - found.mtimeMs) < mark.milliseconds && !isDead(mark, self)) return false;
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return false;
  const isOther = (await readFile(aside, 'utf8').catch(() => '')) !== text;
  if (isOther) await link(aside, path).catch(() => undefined);
  await unlink(aside);
  return !isOther;
}

/** Only a process of this host can be asked whether it lives. */
function isDead({ host, pid, start }: Owner, self: Owner): boolean {
  if (host !== self.host) return false;
  return pid === self.pid ? start !== self.start : !isProcessAlive(pid);
}
