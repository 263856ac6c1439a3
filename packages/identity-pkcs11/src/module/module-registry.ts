import { libraryFiles, notLoadedError } from './library-files.js';
import { loadAddon } from './load-addon.js';
import { LoadError } from './module-thread.js';
import { type ModuleLease, type SharedModule, createSharedModule } from './shared-module.js';

/**
 * A module is started once per process whatever the number of identities, and of copies of this package (ES module and
 * CommonJS): so this one state belongs to the process. A module stays in it when its last user goes, with what is known of
 * its tokens and PINs.
 */
const REGISTRY = Symbol.for('@rolesanywhere/pkcs11-modules');

/**
 * Loads and starts the first of the libraries that can be loaded, or joins those who use it.
 *
 * @param parameters - what the module is told at its start, if it was not started before
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when none can be loaded, with what the system says of each, or when it does not start
 */
export async function leaseModule(paths: readonly string[], parameters?: string): Promise<ModuleLease> {
  const files = await libraryFiles(paths);
  // Before the add-on is loaded: a wrong path is the likelier mistake.
  if (files.paths.length === 0) throw notLoadedError(files.problems);
  const addon = await loadAddon();
  const registry = registryOf(globalThis);
  const problems = [...files.problems];
  for (const path of files.paths) {
    const module = registry.get(path) ?? createSharedModule(path, addon);
    registry.set(path, module);
    try {
      return await module.lease(parameters);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      problems.push(`${path}: ${error.message}`);
    }
  }
  throw notLoadedError(problems);
}

function registryOf(holder: object): Map<string, SharedModule> {
  const existing: unknown = Reflect.get(holder, REGISTRY);
  if (isRegistry(existing)) return existing;
  const registry = new Map<string, SharedModule>();
  Reflect.set(holder, REGISTRY, registry);
  return registry;
}

/** Only the function above writes under the symbol, so a map that is there is such a one. */
function isRegistry(value: unknown): value is Map<string, SharedModule> {
  return value instanceof Map;
}
