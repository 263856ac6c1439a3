import { readFile, stat } from 'node:fs/promises';
import { IdentityError } from '@rolesanywhere/signer';

/** Certificates with their chain are some kilobytes. What is larger was named by mistake. */
const MAXIMUM_BYTES = 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist. Check the path; a relative one starts at the working directory.',
  EACCES: 'may not be read by this user. Change its permissions.',
  EPERM: 'may not be read by this user. Change its permissions.',
};

/**
 * The bytes of a file.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when it cannot be read, is something else than a file, or has more than 1 MiB
 */
export async function readFileOf(path: string): Promise<Uint8Array> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw unavailable(path, 'is not a file. Give the path of one.');
    if (facts.size > MAXIMUM_BYTES)
      throw unavailable(path, 'has more than the 1 MiB that certificates take. Check the path.');
    return await readFile(path);
  } catch (error) {
    if (error instanceof IdentityError) throw error;
    const code =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
    throw unavailable(path, REASONS[code] ?? `cannot be read (${code}).`);
  }
}

function unavailable(path: string, what: string): IdentityError {
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${what}` });
}
