import { TpmError } from '../tpm/tpm-error.js';

/** Signs digests in batches: those that wait are signed while the key is loaded once. */
export interface SignatureBatches {
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

/** Signs one digest with a key that is loaded. */
export type SignDigest = (digest: Uint8Array) => Promise<Uint8Array>;

/** What batches are made with. */
export interface SignatureBatchesInit {
  /** Takes the TPM, loads the key, and gives both back when `work` is through. */
  withSigner(work: (sign: SignDigest) => Promise<void>): Promise<void>;
  /** Whether the work may be begun anew after a lost connection: not before a password was right once. */
  mayTryAgain(): boolean;
  readonly clock: () => Date;
}

interface Waiting {
  readonly digest: Uint8Array;
  resolve(signature: Uint8Array): void;
  reject(error: unknown): void;
}

/** Then others may have the TPM, which serves some of its users one after the other: a slow one after fewer signatures. */
const MOST_IN_A_BATCH = 64;
const LONGEST_BATCH_MILLISECONDS = 250;

/**
 * Signatures that are asked for at the same time share one load. An error ends all that wait: what went wrong for one, such
 * as a password that was changed, must not be tried again for each of the others.
 */
export function createSignatureBatches(init: SignatureBatchesInit): SignatureBatches {
  const waiting: Waiting[] = [];
  const signed: (() => void)[] = [];
  let isRunning = false;

  async function signWaiting(sign: SignDigest): Promise<void> {
    const end = init.clock().getTime() + LONGEST_BATCH_MILLISECONDS;
    for (let count = 0; count < MOST_IN_A_BATCH; count += 1) {
      const [next] = waiting;
      if (next === undefined || (count > 0 && init.clock().getTime() >= end)) return;
      const signature = await sign(next.digest);
      waiting.shift();
      signed.push(() => next.resolve(signature));
    }
  }

  /** Handed out when the key is flushed: who has a signature may end the process at once. */
  function handOut(): number {
    const done = signed.splice(0);
    for (const resolve of done) resolve();
    return done.length;
  }

  /** Begins anew after a lost connection, once, and again after every one that was of some use. */
  async function runBatch(): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      try {
        await init.withSigner(signWaiting);
        return void handOut();
      } catch (error) {
        const isUseful = handOut() > 0 || isFirst;
        const isLost = error instanceof TpmError && error.failure === 'disconnected';
        if (isLost && isUseful && init.mayTryAgain()) continue;
        for (const lost of waiting.splice(0)) lost.reject(error);
        return;
      }
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) await runBatch();
    isRunning = false;
  }

  return {
    sign(digest) {
      return new Promise((resolve, reject) => {
        waiting.push({ digest, resolve, reject });
        if (!isRunning) void run();
      });
    },
  };
}
