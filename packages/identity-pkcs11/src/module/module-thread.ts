import { types } from 'node:util';
import { CKR, CryptokiError } from '../errors/cryptoki-error.js';
import { type AddonThread, startAddonThread } from './addon-thread.js';
import type { AddonModule } from './addon.js';
import { type Cryptoki, createCryptoki } from './cryptoki.js';
import type { Addon } from './load-addon.js';

/** As that of CryptokiError. */
const BRAND = Symbol.for('@rolesanywhere/pkcs11-load-error');

/** The system does not load a library; the message is what it says. */
export class LoadError extends Error {
  readonly [BRAND] = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** A library in a thread that comes and goes. */
export interface ModuleThread {
  /** Answers `CKR_CRYPTOKI_NOT_INITIALIZED` while there is no thread. */
  readonly cryptoki: Cryptoki;
  /** Starts the thread and loads the library, if there is none. @throws LoadError */
  open(): Promise<void>;
  /** Ends the thread. */
  end(): Promise<void>;
}

/**
 * A thread for a library, not started yet.
 *
 * @param onLost - called when the thread ended by itself
 */
export function createModuleThread(path: string, addon: Addon, onLost: () => void): ModuleThread {
  let thread: AddonThread | undefined;
  // Keeps the library loaded when the thread ends: threads of its own may live on in it.
  let anchor: AddonModule | undefined;

  async function open(): Promise<void> {
    if (thread !== undefined) return;
    const started = startAddonThread(addon.path);
    try {
      await started.run(['load', path]);
      anchor ??= loaded(new addon.Module(), path);
    } catch (error) {
      await started.end();
      throw new LoadError(types.isNativeError(error) ? error.message : 'unknown error');
    }
    thread = started;
    void watch(started);
  }

  async function watch(started: AddonThread): Promise<void> {
    await started.ended;
    if (thread !== started) return;
    thread = undefined;
    onLost();
  }

  return {
    cryptoki: createCryptoki({
      run(call, before) {
        if (thread !== undefined) return thread.run(call, before);
        return Promise.reject(new CryptokiError(call[0], CKR.cryptokiNotInitialized));
      },
    }),
    open,
    async end() {
      const ending = thread;
      thread = undefined;
      await ending?.end();
    },
  };
}

/** The library is in the process already, so this one only counts. */
function loaded(module: AddonModule, path: string): AddonModule {
  module.load(path);
  return module;
}
