import { Worker } from 'node:worker_threads';
import { CKR, CryptokiError } from '../errors/cryptoki-error.js';
import type { AddonAnswer, AddonCall, AddonModule, AnyAddonCall } from './addon.js';

/** A thread with one module in it. */
export interface AddonThread {
  /**
   * Makes a call, after those which must come before it with no other between; none after the first that fails. Arguments
   * are copied. Holds the process open meanwhile.
   *
   * @returns the answer to the call; byte arrays in it are `Uint8Array`
   * @throws CryptokiError when a function of the standard failed; Error with the words of the system for `load`
   */
  run<Name extends keyof AddonModule>(
    call: AddonCall<Name>,
    before?: readonly AnyAddonCall[],
  ): Promise<AddonAnswer<Name>>;
  /** Ends the thread, which must not be calling anything. */
  end(): Promise<void>;
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
}

/**
 * What the thread does. A text, since a file of its own would have to be found from an ES module, from CommonJS and from
 * within an application's bundle. The add-on keeps bare pointers to the buffers of C_SignAsync: `calls` holds them until
 * the answer is there.
 */
const SOURCE = `'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { PKCS11 } = require(workerData);
const addon = new PKCS11();
parentPort.on('message', async ({ id, calls }) => {
  let answer;
  let name;
  try {
    for (const call of calls) {
      name = call[0];
      answer = await addon[name](...call.slice(1));
    }
    parentPort.postMessage({ id, answer });
  } catch (error) {
    parentPort.postMessage({ id, failure: { name, code: error.code, text: String(error.message) } });
  } finally {
    calls.length = 0;
  }
});`;

interface Reply<Answer> {
  readonly id: number;
  readonly answer: Answer;
  readonly failure?: Failure;
}

interface Failure {
  readonly name: string;
  readonly code?: unknown;
  readonly text: string;
}

interface Pending {
  readonly name: string;
  /** The thread calls what it is told to, so the answer is what that answers. */
  resolve(answer: never): void;
  reject(error: Error): void;
}

/**
 * Starts a thread with the add-on in it. It does not hold the process open while nothing is called.
 *
 * @param addonPath - the file of the package `pkcs11js`
 */
export function startAddonThread(addonPath: string): AddonThread {
  // Without the flags of the process: they may load other code, or make the text an ES module.
  const worker = new Worker(SOURCE, { eval: true, workerData: addonPath, env: {}, execArgv: [] });
  const pending = new Map<number, Pending>();
  let count = 0;
  let words = 'the thread of the module ended';
  worker.unref();

  function settle(id: number): Pending | undefined {
    const one = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return one;
  }

  // Only the text above sends messages.
  worker.on('message', ({ id, answer, failure }: Reply<never>) => {
    const one = settle(id);
    if (failure === undefined) one?.resolve(answer);
    else one?.reject(errorOf(failure));
  });
  worker.on('error', (error: unknown) => {
    // Not always an Error: what comes from another thread is a copy.
    if (typeof error === 'object' && error !== null && 'message' in error) words = String(error.message);
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      resolve();
      for (const [id, { name }] of pending) settle(id)?.reject(errorOf({ name, text: words }));
    });
  });

  return {
    run<Name extends keyof AddonModule>(call: AddonCall<Name>, before: readonly AnyAddonCall[] = []) {
      return new Promise<AddonAnswer<Name>>((resolve, reject) => {
        count += 1;
        pending.set(count, { name: call[0], resolve, reject });
        worker.ref();
        worker.postMessage({ id: count, calls: [...before, call] }, []);
      });
    },
    async end() {
      await worker.terminate();
    },
    ended,
  };
}

/** What the add-on itself refuses (no number) is a general error of the module. */
function errorOf({ name, code, text }: Failure): Error {
  if (name === 'load') return new Error(text);
  return new CryptokiError(
    name.replace(/Async$/, ''),
    typeof code === 'number' && code > 0 ? code : CKR.generalError,
  );
}
