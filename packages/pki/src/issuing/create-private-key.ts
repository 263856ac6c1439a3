import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { PkiError } from '../errors.js';
import type { KeyAlgorithm } from './key-algorithm.js';

const generate = promisify(generateKeyPair);

/** Makes a key in the thread pool. @throws PkiError `ISSUING_FAILED` when this runtime does not have the algorithm */
export async function createPrivateKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  try {
    const { privateKey } = await generateKind(algorithm);
    return privateKey;
  } catch (cause) {
    throw new PkiError(
      'ISSUING_FAILED',
      `This Node.js could not make a key of type ${algorithm.type}: check the key algorithm (ML-DSA needs Node.js 24.6 or newer).`,
      { cause },
    );
  }
}

function generateKind(algorithm: KeyAlgorithm): Promise<{ readonly privateKey: KeyObject }> {
  if (algorithm.type === 'EC') return generate('ec', { namedCurve: algorithm.curve ?? 'P-256' });
  if (algorithm.type === 'Ed25519') return generate('ed25519');
  if (algorithm.type === 'RSA') return generate('rsa', { modulusLength: algorithm.modulusLength ?? 2048 });
  if (algorithm.type === 'RSA-PSS')
    return generate('rsa-pss', { modulusLength: algorithm.modulusLength ?? 2048 });
  // The types of Node.js 20 do not know the name; a runtime without it rejects, which is told above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return generate(`ml-dsa-${algorithm.parameterSet ?? 65}` as 'ed25519');
}
