import { createPublicKey, sign, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createX509Identity } from '../../src/index.js';
import { codeOf } from '../../../../tools/test-support/error-of.js';
import { generateKey, issue } from '../support/issue.js';

const leaf = issue({ subject: 'leaf' });
const other = generateKey('P-256');
const message = Buffer.from('message');
const nap = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function keyOf(signWith: (message: Uint8Array, call: number) => Promise<Uint8Array>) {
  let calls = 0;
  const key = {
    algorithm: 'AWS4-X509-ECDSA-SHA256',
    sign: (bytes: Uint8Array) => signWith(bytes, (calls += 1)),
  } as const;
  return (await createX509Identity({ certificate: leaf.pem, key })).key;
}

test('what is signed is the message at the time of the call', async () => {
  const key = await keyOf(async (bytes) => {
    await nap();
    return sign('sha256', bytes, leaf.key);
  });
  for (const _ of ['unproven', 'proven']) {
    const buffer = Buffer.from(message);
    const signing = key.sign(buffer);
    buffer.fill(0);
    expect(verify('sha256', message, createPublicKey(leaf.key), await signing)).toBe(true);
  }
});

test('of many signatures at once none is handed out before one was found right', async () => {
  const key = await keyOf(async (bytes, call) => sign('sha256', bytes, call > 20 ? leaf.key : other));
  const twenty = Array.from({ length: 20 }, () => codeOf(() => key.sign(message)));
  expect(new Set(await Promise.all(twenty))).toEqual(new Set(['KEY_MISMATCH']));
  expect(await codeOf(() => key.sign(message))).toBe('ok');
});

test('a signature that fails does not keep another one from proving the key', async () => {
  const key = await keyOf(async (bytes, call) => {
    if (call === 1) throw new Error('the device is busy');
    return sign('sha256', bytes, leaf.key);
  });
  const [first, second] = await Promise.allSettled([key.sign(message), key.sign(message)]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
});
