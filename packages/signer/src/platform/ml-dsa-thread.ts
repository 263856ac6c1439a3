import { Worker } from 'node:worker_threads';
import type { MlDsaSet } from './ml-dsa.js';
import type { MlDsa, MlDsaKeyPair } from './ml-dsa-library.js';

/** ML-DSA by `@noble/post-quantum` in a thread of its own. */
export interface MlDsaThread {
  /** False when there can be no thread, or the library is not found from it. */
  start(): Promise<boolean>;
  library(name: MlDsaSet['name']): MlDsa;
}

/** What the thread is asked: a function of the library by its names. Without one it only says that the library is there. */
interface Question {
  readonly set?: string;
  readonly method?: keyof MlDsa;
  readonly args?: readonly unknown[];
}

interface PendingQuestion {
  readonly question: Question;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * What the thread runs, as text: a file of its own would have to be known to every bundler. It ends by itself when nothing was
 * asked for a second.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const library = import(workerData);
library.catch(() => parentPort.close());
let timer;
parentPort.on('message', async ({ id, set, method, args }) => {
  clearTimeout(timer);
  try {
    const sets = await library;
    parentPort.postMessage({ id, answer: method && sets[set][method](...args) });
  } catch (error) {
    parentPort.postMessage({ id, failure: String(error) });
  }
  timer = setTimeout(() => parentPort.close(), 1000);
});
`;

/**
 * A thread that is started by the first question, ends when idle, and does not hold a process that has nothing else to do, but
 * for as long as it owes an answer.
 *
 * @param url - of the module of the library
 */
export function createMlDsaThread(url: string): MlDsaThread {
  const ask = createQueue(url);
  return {
    start: () =>
      ask({}).then(
        () => true,
        () => false,
      ),
    library(name) {
      const set = `ml_dsa${name.slice(-2)}`;
      const sign = { extraEntropy: false };
      return {
        keygen: async (seed) => keyPairOf(await ask({ set, method: 'keygen', args: [seed] })),
        getPublicKey: async (key) => bytesOf(await ask({ set, method: 'getPublicKey', args: [key] })),
        sign: async (...args) => bytesOf(await ask({ set, method: 'sign', args: [...args, sign] })),
        verify: async (...args) => (await ask({ set, method: 'verify', args })) === true,
      };
    },
  };
}

function keyPairOf(answer: unknown): MlDsaKeyPair {
  const isPair =
    typeof answer === 'object' && answer !== null && 'secretKey' in answer && 'publicKey' in answer;
  if (!isPair) throw new TypeError('the library made no key pair');
  return { secretKey: bytesOf(answer.secretKey), publicKey: bytesOf(answer.publicKey) };
}

function bytesOf(answer: unknown): Uint8Array {
  if (!ArrayBuffer.isView(answer)) throw new TypeError('the library answered with no bytes');
  return new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength);
}

function createQueue(url: string): (question: Question) => Promise<unknown> {
  let worker: Worker | undefined;
  let lastId = 0;
  const pending = new Map<number, PendingQuestion>();

  function start(): Worker {
    // Nothing of the application's environment or flags is needed, and some flags are refused in threads.
    const started = new Worker(PROGRAM, { eval: true, workerData: url, env: {}, execArgv: [] });
    let hasAnswered = false;
    started.on('message', ({ id, answer, failure }: { id: number; answer?: unknown; failure?: string }) => {
      hasAnswered = true;
      const asked = pending.get(id);
      pending.delete(id);
      if (pending.size === 0) started.unref();
      if (failure === undefined) asked?.resolve(answer);
      else asked?.reject(new Error(failure));
    });
    // Its exit tells the same.
    started.on('error', () => undefined);
    started.on('exit', () => {
      worker = undefined;
      const unanswered = [...pending.values()];
      pending.clear();
      // Asked in the moment in which the thread ended, idle: asked again, of another one.
      for (const asked of unanswered) {
        if (hasAnswered) send(asked);
        else asked.reject(new Error('the thread that signs ended'));
      }
    });
    return started;
  }

  function send(asked: PendingQuestion): void {
    try {
      worker ??= start();
    } catch (error) {
      asked.reject(error);
      return;
    }
    lastId += 1;
    pending.set(lastId, asked);
    worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    worker.postMessage({ id: lastId, ...asked.question });
  }

  return (question) => new Promise((resolve, reject) => send({ question, resolve, reject }));
}
