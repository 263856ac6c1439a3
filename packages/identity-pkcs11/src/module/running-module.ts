import { IdentityError } from '@rolesanywhere/signer';
import { CKR, CryptokiError, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Cryptoki } from './cryptoki.js';
import type { Addon } from './load-addon.js';
import { createModuleThread } from './module-thread.js';

/** A module that is started and shut down. Its functions must not overlap. */
export interface RunningModule {
  readonly cryptoki: Cryptoki;
  /** Grows with every start and end. */
  generation(): number;
  /** Starts it, and its thread; does nothing when it runs. @throws LoadError; IdentityError `IDENTITY_UNAVAILABLE` */
  start(parameters: string | undefined): Promise<void>;
  /** Shuts it down, and ends its thread. */
  end(): Promise<void>;
  /**
   * Shuts it down and starts it again.
   *
   * @param mayStop - asked when it is not down; what was begun has ended when it answers
   * @returns false when it was not done: it may not be stopped, or someone else in the process started it, who will also stop it
   */
  restart(parameters: string | undefined, mayStop: () => Promise<boolean>): Promise<boolean>;
}

/** A module that is not loaded yet. */
export function createRunningModule(path: string, addon: Addon): RunningModule {
  let isUp = false;
  let isOurs = false;
  let generation = 0;
  const thread = createModuleThread(path, addon, forget);
  const { cryptoki } = thread;

  function forget(): void {
    isUp = false;
    generation += 1;
  }

  async function start(parameters: string | undefined): Promise<void> {
    if (isUp) return;
    generation += 1;
    await thread.open();
    try {
      await cryptoki.initialize(parameters);
      isOurs = true;
    } catch (error) {
      if (!isCryptokiError(error, [CKR.cryptokiAlreadyInitialized])) throw startError(path, error);
    }
    isUp = true;
  }

  async function stop(): Promise<void> {
    forget();
    if (!isOurs) return;
    isOurs = false;
    // It may have been shut down by someone else, or its peer is gone: either way it is not in use.
    await quietly(() => cryptoki.finalize());
  }

  return {
    cryptoki,
    generation: () => generation,
    start,
    async end() {
      await stop();
      await thread.end();
    },
    async restart(parameters, mayStop) {
      if (await isDown(cryptoki)) {
        isOurs = false;
        forget();
      } else {
        if (!isOurs || !(await mayStop())) return false;
        await stop();
      }
      await start(parameters);
      return true;
    },
  };
}

/** Does what may fail in the module without harm. */
export async function quietly(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof CryptokiError)) throw error;
  }
}

/** Whether someone else in the process has shut it down. */
async function isDown(cryptoki: Cryptoki): Promise<boolean> {
  try {
    await cryptoki.info();
    return false;
  } catch (error) {
    return isCryptokiError(error, [CKR.cryptokiNotInitialized]);
  }
}

function startError(path: string, cause: unknown): unknown {
  if (!(cause instanceof CryptokiError)) return cause;
  const wish =
    cause.code === CKR.argumentsBad
      ? " Some modules want `moduleParameters`; that of NSS configDir='sql:FOLDER' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly."
      : '';
  const message = `The PKCS#11 module ${path} does not start: ${cause.message}${wish}`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
}
