import { pathToFileURL } from 'node:url';
import { loopMlDsa } from './loop-ml-dsa.js';
import type { MlDsaLibrary } from './ml-dsa-library.js';
import { type MlDsaThread, createMlDsaThread } from './ml-dsa-thread.js';

/**
 * ML-DSA by a library in a thread, so that no signature holds up the event loop; on the loop where there can be no thread, or
 * the library is inside a bundle, where a thread does not find it. All keys of a process share the thread.
 */
export const nodeMlDsa: MlDsaLibrary = createNodeMlDsa(libraryUrl);

/** @param findUrl - gives the URL of the module of the library; undefined when it is not known */
export function createNodeMlDsa(findUrl: () => string | undefined): MlDsaLibrary {
  let thread: MlDsaThread | undefined;
  return async (name) => {
    const url = thread === undefined ? findUrl() : undefined;
    if (url !== undefined) thread = createMlDsaThread(url);
    // Whatever is in the way of a thread (a permission, a runtime that has none), the loop tells what is in its own way.
    if (thread === undefined || !(await thread.start())) return loopMlDsa(name);
    return thread.library(name);
  };
}

/** Node loads this package as CommonJS, also by `import`; in other formats there is no `require`, or one that finds nothing. */
function libraryUrl(): string | undefined {
  try {
    const path: unknown =
      typeof require === 'function' ? require.resolve('@noble/post-quantum/ml-dsa.js') : undefined;
    // Bundlers may put something else in its place.
    const isPath = typeof path === 'string' && /^(?:\/|[a-z]:\\|\\\\)/i.test(path);
    return isPath ? pathToFileURL(path).href : undefined;
  } catch {
    return undefined;
  }
}
