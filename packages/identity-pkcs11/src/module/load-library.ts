import { realpath, stat } from 'node:fs/promises';
import { IdentityError } from '@rolesanywhere/signer';
import type { AddonModule } from './addon.js';
import { loadAddon } from './load-addon.js';
import { isFilePath } from './module-paths.js';

/** A library that was loaded, and from where. */
export interface LoadedLibrary {
  readonly addon: AddonModule;
  /** Without links, so that one library has one path. */
  readonly path: string;
}

/**
 * Loads the first library of a list that is there.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE`, with what the system says of each; or when the add-on is not there
 */
export async function loadLibrary(paths: readonly string[]): Promise<LoadedLibrary> {
  const candidates = await Promise.all(paths.map(async (path) => ({ path, problem: await problemOf(path) })));
  const problems = candidates.flatMap(({ path, problem }) =>
    problem === undefined ? [] : [`${path} ${problem}`],
  );
  // Before the add-on is loaded: a wrong path is the likelier mistake.
  if (problems.length === paths.length) throw notLoaded(problems);
  const Addon = await loadAddon();
  for (const { path } of candidates.filter(({ problem }) => problem === undefined)) {
    try {
      const addon = new Addon();
      addon.load(path);
      return { addon, path: isFilePath(path) ? await realpath(path) : path };
    } catch (error) {
      problems.push(`${path}: ${reasonOf(error)}`);
    }
  }
  throw notLoaded(problems);
}

/** What can be seen without loading it. A bare name is found by the loader of the system alone. */
async function problemOf(path: string): Promise<string | undefined> {
  if (!isFilePath(path)) return undefined;
  try {
    return (await stat(path)).isFile() ? undefined : 'is not a file';
  } catch {
    return 'does not exist';
  }
}

/** What the loader of the system says; it names files only. */
function reasonOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : 'unknown error';
}

function notLoaded(problems: readonly string[]): IdentityError {
  const message = `The PKCS#11 module cannot be loaded: ${problems.join('; ')}. Give the path of the library as \`module\` or \`module-path\`, such as /usr/lib/softhsm/libsofthsm2.so, or install p11-kit.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}
