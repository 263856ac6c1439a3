import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** No session lives for a day. */
const oldEntryMilliseconds = 24 * 3_600_000;

/** What a crash left half done: a file that was not renamed yet, a lock that was taken over. */
const oldRestMilliseconds = 3_600_000;

/** A cache's file: the key, and what it is. Nothing else is touched. */
const ours = /^[0-9a-f]{64}\.(?:json|lock)(?:\.|$)/;

/**
 * Removes files that nobody uses any more: the key changes with each new certificate, so its old entries stay behind.
 * Never rejects: whatever cannot be removed waits for the next time.
 */
export async function sweepDirectory(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  await Promise.all(names.filter((name) => ours.test(name)).map((name) => removeOld(join(directory, name))));
}

async function removeOld(path: string): Promise<void> {
  try {
    const limit = path.endsWith('.json') ? oldEntryMilliseconds : oldRestMilliseconds;
    const { mtimeMs } = await lstat(path);
    if (Date.now() - mtimeMs > limit) await unlink(path);
  } catch {
    // Another process was faster, or it may not be removed.
  }
}
