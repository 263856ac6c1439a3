import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import type { MlDsa } from '../../src/platform/ml-dsa-library.js';
import { createMlDsaThread } from '../../src/platform/ml-dsa-thread.js';
import { createNodeMlDsa } from '../../src/platform/node-ml-dsa.js';

const NAMES = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;
const BARE = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 };
const SEED = Uint8Array.from({ length: 32 }, (_, index) => index);
const { resolve } = createRequire(import.meta.url);
const url = pathToFileURL(resolve('@noble/post-quantum/ml-dsa.js')).href;

async function used(library: ReturnType<typeof createNodeMlDsa>, name: (typeof NAMES)[number]) {
  const mlDsa = await library(name);
  if ('fault' in mlDsa) throw new Error(mlDsa.detail);
  return mlDsa;
}

/** How many turns the event loop had until the promise was settled. */
async function turnsWhile(promise: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isPending = true;
  const turn = (): void => {
    turns += 1;
    if (isPending) setImmediate(turn);
  };
  setImmediate(turn);
  await promise;
  isPending = false;
  return turns;
}

describe.each<[string, () => string | undefined]>([
  ['in a thread', () => url],
  ['on the loop, when the thread does not find the library', () => 'file:///nowhere/ml-dsa.js'],
  ['on the loop, when nobody knows where the library is', () => undefined],
])('%s', (_, findUrl) => {
  const library = createNodeMlDsa(findUrl);

  test.each(NAMES)('%s answers as the library does', async (name) => {
    const mlDsa = await used(library, name);
    const { secretKey, publicKey } = BARE[name].keygen(SEED);
    const made = await mlDsa.keygen(SEED);
    expect(Buffer.from(made.secretKey).equals(secretKey)).toBe(true);
    expect(Buffer.from(made.publicKey).equals(publicKey)).toBe(true);
    expect(Buffer.from(await mlDsa.getPublicKey(secretKey)).equals(publicKey)).toBe(true);
    const message = Buffer.from('message');
    const signature = await mlDsa.sign(message, secretKey);
    expect(Buffer.from(signature)).toEqual(
      Buffer.from(BARE[name].sign(message, secretKey, { extraEntropy: false })),
    );
    expect(await mlDsa.verify(signature, message, publicKey)).toBe(true);
    expect(await mlDsa.verify(signature, Buffer.from('another'), publicKey)).toBe(false);
  });

  test('what the library refuses is told, and the next call is answered', async () => {
    const mlDsa = await used(library, 'ML-DSA-44');
    await expect(mlDsa.keygen(new Uint8Array(5))).rejects.toThrow(/32/);
    expect((await mlDsa.keygen(SEED)).publicKey).toHaveLength(1312);
  });

  test('many signatures at once leave the event loop its turns', async () => {
    const mlDsa = await used(library, 'ML-DSA-44');
    const { secretKey, publicKey } = ml_dsa44.keygen(SEED);
    const messages = Array.from({ length: 20 }, (__, index) => Buffer.from(`message ${index}`));
    const signing = Promise.all(messages.map((message) => mlDsa.sign(message, secretKey)));
    expect(await turnsWhile(signing)).toBeGreaterThanOrEqual(messages.length - 1);
    const signatures = await signing;
    const verdicts = signatures.map((signature, index) =>
      ml_dsa44.verify(signature, messages[index] ?? new Uint8Array(), publicKey),
    );
    expect(verdicts).toEqual(messages.map(() => true));
  });
});

test('a thread that ended, idle, is followed by another one', async () => {
  const thread = createMlDsaThread(url);
  const mlDsa: MlDsa = thread.library('ML-DSA-44');
  const { secretKey } = await mlDsa.keygen(SEED);
  const first = await mlDsa.sign(Buffer.from('x'), secretKey);
  await new Promise((settle) => {
    setTimeout(settle, 1300);
  });
  expect(await mlDsa.sign(Buffer.from('x'), secretKey)).toEqual(first);
});

test('a thread that finds no library says so, each time it is asked', async () => {
  const thread = createMlDsaThread('file:///nowhere/ml-dsa.js');
  expect([await thread.start(), await thread.start()]).toEqual([false, false]);
  await expect(thread.library('ML-DSA-44').keygen(SEED)).rejects.toThrow('the thread that signs ended');
});
