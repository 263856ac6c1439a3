import { IdentityError } from '@rolesanywhere/signer';
import { CKR, CryptokiError, isCryptokiError } from '../errors/cryptoki-error.js';
import type { AddonModule } from './addon.js';
import { type Cryptoki, callModule, createCryptoki } from './cryptoki.js';
import { loadLibrary } from './load-library.js';

/** What this process knows of a token, for as long as it runs: a login is one per process and token (PKCS#11 §5.6). */
export interface TokenMemory {
  /** Identities that use the token now. */
  users: number;
  /** SHA-256 of PINs that the token refused. */
  readonly refusedPins: Set<string>;
  /** SHA-256 of the PIN that this process is logged in with. */
  acceptedPin: string | undefined;
}

/** A module that is loaded. There is one for each path in a process. */
export interface LoadedModule {
  readonly cryptoki: Cryptoki;
  readonly path: string;
  /** Grows with every start: handles of an earlier start mean nothing any more. */
  generation: number;
  readonly tokens: Map<string, TokenMemory>;
}

/** A share in a loaded module. */
export interface ModuleLease {
  readonly module: LoadedModule;
  /**
   * Does work with handles of a generation; the module is not started anew meanwhile.
   *
   * @throws CryptokiError `CKR_SESSION_CLOSED` when it was started anew before
   */
  during<Result>(generation: number, work: () => Promise<Result>): Promise<Result>;
  /** Shuts the module down and starts it again; false when that may not be, because others work with a token. */
  restart(): boolean;
  /** The last one shuts the module down, if it was started here. */
  release(): void;
}

interface Entry extends LoadedModule {
  readonly addon: AddonModule;
  users: number;
  /** Works that are being done. */
  busy: number;
  /** Who started the module: this registry, or someone else in the process, who will also shut it down. */
  state: 'stopped' | 'started-here' | 'started-elsewhere';
}

/** C_Initialize: the module may be called from several threads (CKF_OS_LOCKING_OK). */
const OS_LOCKING_OK = 2;
/**
 * A module is started once per process whatever the number of identities, and of copies of this package (ES module and
 * CommonJS): so this one state belongs to the process. An entry stays when its last user goes, or the garbage collector
 * would unload a library whose threads may still run.
 */
const REGISTRY = Symbol.for('@rolesanywhere/pkcs11-modules');

/**
 * Loads and starts the first of the libraries that can be loaded, or joins those who use it.
 *
 * @throws IdentityError `IDENTITY_UNAVAILABLE` when none can be loaded; CryptokiError when it does not start
 */
export async function leaseModule(paths: readonly string[]): Promise<ModuleLease> {
  const registry = registryOf(globalThis);
  const known = paths.map((path) => registry.get(path)).find((entry) => entry !== undefined);
  const entry = known ?? (await addEntry(registry, paths));
  if (entry.state === 'stopped') start(entry);
  entry.users += 1;
  return leaseOf(entry);
}

async function addEntry(registry: Map<string, Entry>, paths: readonly string[]): Promise<Entry> {
  const { addon, path } = await loadLibrary(paths);
  const existing = registry.get(path);
  if (existing !== undefined) return existing;
  const entry: Entry = {
    addon,
    cryptoki: createCryptoki(addon),
    path,
    generation: 0,
    tokens: new Map(),
    users: 0,
    busy: 0,
    state: 'stopped',
  };
  registry.set(path, entry);
  return entry;
}

function start(entry: Entry): void {
  try {
    callModule('C_Initialize', () => entry.addon.C_Initialize({ flags: OS_LOCKING_OK }));
    entry.state = 'started-here';
  } catch (error) {
    if (!isCryptokiError(error, [CKR.cryptokiAlreadyInitialized])) throw startError(entry, error);
    entry.state = 'started-elsewhere';
  }
  entry.generation += 1;
}

function stop(entry: Entry): void {
  const isOurs = entry.state === 'started-here';
  entry.state = 'stopped';
  if (!isOurs) return;
  try {
    callModule('C_Finalize', () => entry.addon.C_Finalize());
  } catch (error) {
    // It was shut down by someone else, or its peer is gone: either way it is not in use.
    if (!(error instanceof CryptokiError)) throw error;
  }
}

/** Not while a thread is in the module: work that was given up may still run. */
function stopIfUnused(entry: Entry): void {
  if (entry.users === 0 && entry.busy === 0) stop(entry);
}

function leaseOf(entry: Entry): ModuleLease {
  let isReleased = false;
  return {
    module: entry,
    async during(generation, work) {
      if (entry.generation !== generation) throw new CryptokiError('C_OpenSession', CKR.sessionClosed);
      entry.busy += 1;
      try {
        return await work();
      } finally {
        entry.busy -= 1;
        stopIfUnused(entry);
      }
    },
    restart() {
      if (isReleased || entry.busy > 0) return false;
      if (!isDown(entry)) {
        if (entry.state === 'started-elsewhere' || isNeeded(entry)) return false;
        stop(entry);
      }
      start(entry);
      return true;
    },
    release() {
      if (isReleased) return;
      isReleased = true;
      entry.users -= 1;
      stopIfUnused(entry);
    },
  };
}

/** Whether someone else in the process has shut the module down. */
function isDown({ cryptoki }: Entry): boolean {
  try {
    cryptoki.info();
    return false;
  } catch (error) {
    return isCryptokiError(error, [CKR.cryptokiNotInitialized]);
  }
}

/** Identities that have a token are not disturbed, as long as the module sees any token at all. */
function isNeeded({ cryptoki, tokens }: Entry): boolean {
  const isUsed = [...tokens.values()].some(({ users }) => users > 0);
  try {
    return isUsed && cryptoki.slotsWithToken().length > 0;
  } catch {
    return false;
  }
}

function startError(entry: Entry, cause: unknown): unknown {
  if (!(cause instanceof CryptokiError)) return cause;
  const message = `The PKCS#11 module ${entry.path} does not start: ${cause.message}`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
}

function registryOf(holder: object): Map<string, Entry> {
  const existing: unknown = Reflect.get(holder, REGISTRY);
  if (isRegistry(existing)) return existing;
  const registry = new Map<string, Entry>();
  Reflect.set(holder, REGISTRY, registry);
  return registry;
}

/** Only the function above writes under the symbol, so a map that is there is such a one. */
function isRegistry(value: unknown): value is Map<string, Entry> {
  return value instanceof Map;
}
