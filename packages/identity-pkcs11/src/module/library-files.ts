import { realpath, stat } from 'node:fs/promises';
import { IdentityError } from '@rolesanywhere/signer';
import { isFilePath } from './module-paths.js';

/** Which of some paths can be tried. */
export interface LibraryFiles {
  /** Without links, so that one library has one path. */
  readonly paths: readonly string[];
  /** Of the others, one text each. */
  readonly problems: readonly string[];
}

/** Looks for libraries without loading them. A bare name is found by the loader of the system alone. */
export async function libraryFiles(paths: readonly string[]): Promise<LibraryFiles> {
  const seen = await Promise.all(paths.map(look));
  return {
    paths: [...new Set(seen.flatMap(({ path }) => path ?? []))],
    problems: seen.flatMap(({ problem }) => problem ?? []),
  };
}

/** No library can be loaded, and why each. @returns an IdentityError `IDENTITY_UNAVAILABLE` */
export function notLoadedError(problems: readonly string[]): IdentityError {
  const message = `The PKCS#11 module cannot be loaded: ${problems.join('; ')}. Give the path of the library as \`module\` or \`module-path\`, such as /usr/lib/softhsm/libsofthsm2.so, or install p11-kit.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

async function look(path: string): Promise<{ readonly path?: string; readonly problem?: string }> {
  if (!isFilePath(path)) return { path };
  try {
    const isFile = (await stat(path)).isFile();
    return isFile ? { path: await realpath(path) } : { problem: `${path} is not a file` };
  } catch {
    return { problem: `${path} does not exist` };
  }
}
