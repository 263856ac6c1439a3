import { createPublicKey, createSecretKey, generateKeyPairSync, verify, webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createSigningKey, createX509Identity } from '../../src/index.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { generateKey, issue } from '../support/issue.js';
import { type LoadedSigner, PLATFORMS, loadSigner } from '../support/load-signer.js';
import { untyped } from '../support/untyped.js';

const message = new TextEncoder().encode('message');
const kinds = ['rsa', 'P-256', 'P-384', 'P-521'] as const;

test.each(kinds)('a KeyObject of kind %s signs, and knows its public key', async (kind) => {
  const key = generateKey(kind);
  const signingKey = createSigningKey(key);
  expect(signingKey.algorithm).toBe(kind === 'rsa' ? 'AWS4-X509-RSA-SHA256' : 'AWS4-X509-ECDSA-SHA256');
  expect(verify('sha256', message, createPublicKey(key), await signingKey.sign(message))).toBe(true);
  expect(signingKey.publicKey).toEqual(createPublicKey(key).export({ type: 'spki', format: 'der' }));
});

describe.each(PLATFORMS)('on the %s platform', (platform) => {
  let loaded: LoadedSigner;
  beforeAll(async () => {
    loaded = await loadSigner(platform);
  });

  test.each(kinds)('a CryptoKey of kind %s signs, not extractable', async (kind) => {
    const key = generateKey(kind);
    const parameters =
      kind === 'rsa' ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } : { name: 'ECDSA', namedCurve: kind };
    const der = key.export({ type: 'pkcs8', format: 'der' });
    const cryptoKey = await webcrypto.subtle.importKey('pkcs8', der, parameters, false, ['sign']);
    const signature = await loaded.signer.createSigningKey(cryptoKey).sign(message);
    expect(verify('sha256', message, createPublicKey(key), signature)).toBe(true);
  });

  test.each([
    [
      'RSA-PSS',
      { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    ],
    [
      'RSA with SHA-512',
      {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-512',
        modulusLength: 2048,
        publicExponent: new Uint8Array([1, 0, 1]),
      },
    ],
  ])('a CryptoKey for %s is refused', async (_, parameters) => {
    const pair = await webcrypto.subtle.generateKey(parameters, false, ['sign', 'verify']);
    expect((await errorOf(() => loaded.signer.createSigningKey(pair.privateKey))).code).toBe(
      'KEY_UNSUPPORTED',
    );
    expect((await errorOf(() => loaded.signer.createSigningKey(pair.publicKey))).code).toBe(
      'KEY_UNSUPPORTED',
    );
  });
});

test('a KeyObject is refused where there is no node:crypto', async () => {
  const { signer } = await loadSigner('web');
  expect((await errorOf(() => signer.createSigningKey(generateKey('P-256')))).code).toBe('INVALID_OPTION');
});

test('an own key is taken as it is', () => {
  const own = { algorithm: 'AWS4-X509-MLDSA', sign: async () => message } as const;
  expect(createSigningKey(own)).toBe(own);
});

test.each([
  ['a public KeyObject', createPublicKey(generateKey('P-256')), 'PRIVATE_KEY_INVALID'],
  ['a secret KeyObject', createSecretKey(Buffer.from('x')), 'PRIVATE_KEY_INVALID'],
  ['an Ed25519 key', generateKeyPairSync('ed25519').privateKey, 'KEY_UNSUPPORTED'],
  [
    'a key on another curve',
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
    'KEY_UNSUPPORTED',
  ],
  ['an unknown algorithm', { algorithm: 'RS256', sign: async () => message }, 'INVALID_OPTION'],
  ['nothing', undefined, 'INVALID_OPTION'],
  ['a text', 'key', 'INVALID_OPTION'],
  ['an empty object', {}, 'INVALID_OPTION'],
])('%s is refused', async (_, key, code) => {
  expect((await errorOf(() => createSigningKey(untyped(key)))).code).toBe(code);
});

describe('a key proves itself with its first signature', () => {
  const pair = issue({ subject: 'leaf', kind: 'P-384' });
  const algorithm = 'AWS4-X509-ECDSA-SHA256';
  const real = createSigningKey(pair.key);
  const stranger = createSigningKey(generateKey('P-384'));

  test.each([
    ['of another key', (given: Uint8Array) => stranger.sign(given)],
    ['that is raw and not DER', async () => new Uint8Array(96).fill(7)],
    ['over the digest of something else', () => real.sign(new Uint8Array(48))],
  ])('a signature %s is refused', async (_, sign) => {
    const { key } = await createX509Identity({ certificate: pair.pem, key: { algorithm, sign } });
    expect(await errorOf(() => key.sign(message))).toMatchObject({
      name: 'SigningError',
      code: 'KEY_MISMATCH',
    });
  });

  test('and is not verified again', async () => {
    const answers = [await real.sign(message), new Uint8Array([1])];
    const sign = async (): Promise<Uint8Array> => answers.shift() ?? new Uint8Array();
    const { key } = await createX509Identity({ certificate: pair.pem, key: { algorithm, sign } });
    await key.sign(message);
    expect(await key.sign(message)).toEqual(new Uint8Array([1]));
  });

  test.each(PLATFORMS)('on the %s platform, whatever its kind', async (platform) => {
    const { signer } = await loadSigner(platform);
    for (const kind of kinds) {
      const { pem, keyPem, key } = issue({ subject: 'leaf', kind });
      const good = await signer.createX509Identity({ certificate: pem, key: keyPem });
      expect(await good.key.sign(message)).toBeInstanceOf(Uint8Array);
      const { algorithm: own } = createSigningKey(key);
      const other = createSigningKey(generateKey(kind));
      const bad = await signer.createX509Identity({
        certificate: pem,
        key: { algorithm: own, sign: (given: Uint8Array) => other.sign(given) },
      });
      expect((await errorOf(() => bad.key.sign(message))).code).toBe('KEY_MISMATCH');
      const wrong = { certificate: pem, key: generateKey(kind).export({ type: 'pkcs8', format: 'der' }) };
      expect((await errorOf(() => signer.createX509Identity(wrong))).code).toBe('KEY_MISMATCH');
    }
  });
});
