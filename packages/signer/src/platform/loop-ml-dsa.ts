import { nextTurn } from '../next-turn.js';
import type { MlDsaSet } from './ml-dsa.js';
import type { MlDsa } from './ml-dsa-library.js';
import type { KeyFault } from './platform.js';

/**
 * ML-DSA by `@noble/post-quantum` on the event loop: 5 to 10 ms a signature, some times that at worst, since its number of
 * attempts is left to chance. Each has a turn of its own, so that many at once do not hold up everything else together.
 * The library is an optional peer, loaded for such a key only.
 */
export async function loopMlDsa(name: MlDsaSet['name']): Promise<MlDsa | KeyFault> {
  try {
    const { ml_dsa44, ml_dsa65, ml_dsa87 } = await import('@noble/post-quantum/ml-dsa.js');
    const library = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 }[name];
    const inTurn = createTurns();
    return {
      keygen: (seed) => inTurn(() => library.keygen(seed)),
      getPublicKey: (secretKey) => inTurn(() => library.getPublicKey(secretKey)),
      sign: (message, secretKey) => inTurn(() => library.sign(message, secretKey, { extraEntropy: false })),
      verify: (signature, message, publicKey) => inTurn(() => library.verify(signature, message, publicKey)),
    };
  } catch (cause) {
    return {
      fault: 'KEY_UNSUPPORTED',
      detail: `is an ${name} key, which this runtime has no signature for.`,
      remedy:
        'Install one beside this package: npm install @noble/post-quantum. Node from 24.6 on needs none.',
      cause,
    };
  }
}

type InTurn = <Result>(task: () => Result) => Promise<Result>;

/** Runs one task after the other, with a turn of the event loop before each but the first of a row. */
function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (task) => {
    const before = last;
    waiting += 1;
    const mine = before.then(() => (waiting > 1 ? nextTurn() : undefined)).then(task);
    last = mine.catch(() => undefined).finally(() => (waiting -= 1));
    return mine;
  };
}
