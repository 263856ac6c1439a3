import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fromPem } from '../../src/index.js';
import { type FromPemInit, pemProvider } from '../../src/identity/from-pem.js';
import { codeOf, errorOf } from '../../../../tools/test-support/error-of.js';
import { generateKey, issue, issueHierarchy, pkcs8, toPem } from '../support/issue.js';
import { untyped } from '../support/untyped.js';

const { root, chain, leaf } = issueHierarchy(2);
const fullChain = leaf.pem + chain.map(({ pem }) => pem).join('');
const encrypted = leaf.key
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
  .toString();

async function serials(init: FromPemInit): Promise<string[]> {
  const identity = await fromPem(init)();
  return [identity.certificate, ...identity.chain].map(({ subject }) => subject);
}

const LEAF_AND_CHAIN = ['CN=leaf', 'CN=Intermediate 2', 'CN=Intermediate 1'];

describe('leaf and chain are found', () => {
  const intermediates = chain.map(({ pem }) => pem).join('');
  test.each<[string, FromPemInit]>([
    ['in three inputs', { certificate: leaf.pem, privateKey: leaf.keyPem, chain: intermediates }],
    ['in a full-chain file', { certificate: fullChain, privateKey: leaf.keyPem }],
    ['in one file with the key first', { certificate: leaf.keyPem + fullChain }],
    ['in one file with the key last', { certificate: fullChain + leaf.keyPem }],
    [
      'in the wrong order, with the root',
      { certificate: root.pem + chain.map((c) => c.pem).join('') + fullChain, privateKey: leaf.keyPem },
    ],
    [
      'with root, leaf and duplicates in the chain',
      {
        certificate: leaf.pem,
        privateKey: leaf.keyPem,
        chain: root.pem + intermediates + intermediates + leaf.pem,
      },
    ],
    ['as bytes', { certificate: Buffer.from(fullChain), privateKey: Buffer.from(leaf.keyPem) }],
    [
      'with text between the blocks, CRLF and a byte order mark',
      { certificate: `\ufeffsubject=x\n${fullChain}bag\n`.replaceAll('\n', '\r\n'), privateKey: leaf.keyPem },
    ],
  ])('%s', async (_, init) => {
    expect(await serials(init)).toEqual(LEAF_AND_CHAIN);
  });

  test('in DER', async () => {
    const privateKey = leaf.key.export({ type: 'sec1', format: 'der' });
    expect(await serials({ certificate: leaf.der, privateKey })).toEqual(['CN=leaf']);
  });

  test('when a renewal left the earlier certificate of the same key in the file', async () => {
    const issuer = chain[0];
    const later = issue({
      subject: 'leaf',
      ...(issuer && { issuer }),
      key: leaf.key,
      serialNumber: '02',
      notAfter: '21990101000000Z',
    });
    const identity = await fromPem({ certificate: leaf.pem + later.pem, privateKey: leaf.keyPem })();
    expect(identity.certificate.serialNumber).toBe(2n);
    expect(identity.chain).toEqual([]);
  });
});

test('a self-signed certificate has no chain', async () => {
  const alone = issue({ subject: 'alone' });
  expect(await serials({ certificate: alone.pem, privateKey: alone.keyPem })).toEqual(['CN=alone']);
});

test('a passphrase opens an encrypted key, as text and as functions, asked once', async () => {
  let asked = 0;
  const provider = fromPem({
    certificate: leaf.pem,
    privateKey: encrypted,
    passphrase: async () => {
      asked += 1;
      return 'hunter2';
    },
  });
  await Promise.all([provider(), provider()]);
  await provider();
  expect(asked).toBe(1);
  expect(await serials({ certificate: leaf.pem, privateKey: encrypted, passphrase: 'hunter2' })).toEqual([
    'CN=leaf',
  ]);
});

test('a passphrase for a plain key is not asked for', async () => {
  const passphrase = untyped(() => Promise.reject(new Error('asked')));
  expect(await serials({ certificate: leaf.pem, privateKey: leaf.keyPem, passphrase })).toEqual(['CN=leaf']);
});

test('after a wrong answer the passphrase is asked for again', async () => {
  const answers = ['wrong', 'hunter2'];
  const provider = fromPem({
    certificate: leaf.pem,
    privateKey: encrypted,
    passphrase: () => answers.shift() ?? '',
  });
  expect((await errorOf(provider)).code).toBe('PASSPHRASE_WRONG');
  expect((await provider()).certificate.subject).toBe('CN=leaf');
});

test('a provider never resolves to an expired or not yet valid identity', async () => {
  const brief = issue({ subject: 'brief', notBefore: '20260101000000Z', notAfter: '20260201000000Z' });
  let now = new Date('2026-01-15T00:00:00Z');
  const provider = pemProvider({ certificate: brief.pem, privateKey: brief.keyPem }, () => now);
  expect((await provider()).expiration).toEqual(new Date('2026-02-01T00:00:00Z'));
  now = new Date('2026-02-01T00:00:01Z');
  expect(await errorOf(provider)).toMatchObject({
    code: 'CERTIFICATE_EXPIRED',
    message: expect.stringContaining('serial 01'),
  });
  now = new Date('2025-12-31T23:59:59Z');
  expect((await errorOf(provider)).code).toBe('CERTIFICATE_NOT_YET_VALID');
});

test('an expired intermediate ends the identity too', async () => {
  const issuer = issue({ subject: 'Old', issuer: root, notAfter: '20200201000000Z' });
  const young = issue({ subject: 'young', issuer });
  const provider = fromPem({ certificate: young.pem + issuer.pem, privateKey: young.keyPem });
  expect(await errorOf(provider)).toMatchObject({
    code: 'CERTIFICATE_EXPIRED',
    message: expect.stringContaining('CN=Old'),
  });
});

describe('refused, saying what, which and what to do:', () => {
  const other = issueHierarchy(1);
  const openssh = toPem('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1'));
  const tpm = toPem('TSS2 PRIVATE KEY', Buffer.from('300806066781050a0103', 'hex'));
  const csr = toPem('CERTIFICATE REQUEST', Buffer.from('3000', 'hex'));
  const publicPem = createPublicKey(leaf.key).export({ type: 'spki', format: 'pem' }).toString();
  test.each<[string, FromPemInit, string, RegExp]>([
    [
      'a key of another certificate',
      { certificate: leaf.pem, privateKey: other.leaf.keyPem },
      'KEY_MISMATCH',
      /serial 7f01, subject "CN=leaf"/,
    ],
    [
      'a key of another kind',
      { certificate: leaf.pem, privateKey: pkcs8(generateKey('rsa')) },
      'KEY_MISMATCH',
      /does not belong/,
    ],
    [
      'no key at all',
      { certificate: leaf.pem },
      'PRIVATE_KEY_INVALID',
      /`certificate` holds a certificate but no private key/,
    ],
    [
      'two keys',
      { certificate: leaf.pem, privateKey: leaf.keyPem + leaf.keyPem },
      'PRIVATE_KEY_INVALID',
      /2 private keys/,
    ],
    [
      'a public key for a private one',
      { certificate: leaf.pem, privateKey: publicPem },
      'PRIVATE_KEY_INVALID',
      /a public key/,
    ],
    ['an OpenSSH key', { certificate: leaf.pem, privateKey: openssh }, 'KEY_UNSUPPORTED', /ssh-keygen/],
    ['a TPM key', { certificate: leaf.pem, privateKey: tpm }, 'KEY_UNSUPPORTED', /TPM/],
    ['a certificate request', { certificate: csr, privateKey: leaf.keyPem }, 'CERTIFICATE_INVALID', /CSR/],
    [
      'an empty certificate',
      { certificate: '', privateKey: leaf.keyPem },
      'CERTIFICATE_INVALID',
      /`certificate` is empty/,
    ],
    [
      'an empty key',
      { certificate: leaf.pem, privateKey: new Uint8Array() },
      'PRIVATE_KEY_INVALID',
      /`privateKey` is empty/,
    ],
    [
      'text that is no PEM',
      { certificate: 'hello', privateKey: leaf.keyPem },
      'CERTIFICATE_INVALID',
      /no PEM block/,
    ],
    [
      'a certificate that is cut off',
      { certificate: leaf.pem.slice(0, 200), privateKey: leaf.keyPem },
      'CERTIFICATE_INVALID',
      /cut off/,
    ],
    [
      'a key that is cut off',
      { certificate: leaf.pem, privateKey: leaf.keyPem.slice(0, 60) },
      'PRIVATE_KEY_INVALID',
      /cut off/,
    ],
    [
      'a damaged certificate',
      { certificate: leaf.der.slice(0, 300), privateKey: leaf.keyPem },
      'CERTIFICATE_INVALID',
      /`certificate` is neither PEM nor intact DER/,
    ],
    [
      'an encrypted key without a passphrase',
      { certificate: leaf.pem, privateKey: encrypted },
      'PASSPHRASE_REQUIRED',
      /Set `passphrase`/,
    ],
    [
      'an empty passphrase',
      { certificate: leaf.pem, privateKey: encrypted, passphrase: '' },
      'PASSPHRASE_REQUIRED',
      /Set `passphrase`/,
    ],
    [
      'a wrong passphrase',
      { certificate: leaf.pem, privateKey: encrypted, passphrase: 'x' },
      'PASSPHRASE_WRONG',
      /`privateKey`/,
    ],
    [
      'a passphrase of 2000 characters',
      { certificate: leaf.pem, privateKey: encrypted, passphrase: 'x'.repeat(2000) },
      'PASSPHRASE_WRONG',
      /`privateKey`/,
    ],
    [
      'a passphrase that is no text',
      { certificate: leaf.pem, privateKey: encrypted, passphrase: untyped(() => 1) },
      'INVALID_OPTION',
      /passphrase/,
    ],
    [
      'a passphrase function that fails',
      {
        certificate: leaf.pem,
        privateKey: encrypted,
        passphrase: () => Promise.reject(new Error('vault is sealed')),
      },
      'PASSPHRASE_REQUIRED',
      /function given as `passphrase` failed/,
    ],
    [
      'a key in place of the certificate',
      { certificate: leaf.keyPem, privateKey: leaf.keyPem },
      'CERTIFICATE_INVALID',
      /`certificate` holds a private key but no certificate/,
    ],
    [
      'a block of an unknown kind in place of the key',
      {
        certificate: leaf.pem,
        privateKey: leaf.keyPem.replaceAll('PRIVATE KEY', 'ODD THING').replace(/M.{9}/, ''),
      },
      'PRIVATE_KEY_INVALID',
      /holds a damaged or unknown block \("BEGIN ODD THING"\) but no private key/,
    ],
    [
      'a request in place of the certificate',
      { certificate: leaf.pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), privateKey: leaf.keyPem },
      'CERTIFICATE_INVALID',
      /Give the certificate that the CA made from it/,
    ],
    [
      'a hundred strangers, of which three are named',
      {
        certificate: leaf.pem,
        privateKey: leaf.keyPem,
        chain: Array.from({ length: 100 }, (_, place) => issue({ subject: `CA ${place}` }).pem).join(''),
      },
      'CHAIN_INVALID',
      /^100 certificates in .*CN=CA 2"; and 97 more\./,
    ],
    [
      'a stranger in the chain',
      { certificate: leaf.pem, privateKey: leaf.keyPem, chain: fullChain + (other.chain[0]?.pem ?? '') },
      'CHAIN_INVALID',
      /1 certificate.*"CN=Intermediate 1"/,
    ],
    [
      'an empty chain',
      { certificate: leaf.pem, privateKey: leaf.keyPem, chain: '' },
      'CERTIFICATE_INVALID',
      /`chain` is empty/,
    ],
  ])('%s', async (...[, init, code, message]) => {
    const error = await errorOf(fromPem(init));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test.each([
    [{}],
    [{ certificate: 1 }],
    [{ certificate: 'x', privateKey: 1 }],
    [{ certificate: 'x', chain: {} }],
  ])('the options %j, before anything is read', async (init) => {
    expect((await errorOf(() => fromPem(untyped(init)))).code).toBe('INVALID_OPTION');
  });
});

test('any bytes as certificate or key end with an error of ours', async () => {
  const mangled = fc
    .tuple(
      fc.constantFrom(leaf.pem, leaf.keyPem, encrypted, fullChain),
      fc.nat(),
      fc.string({ maxLength: 3 }),
    )
    .map(([text, at, noise]) => text.slice(0, at % text.length) + noise + text.slice((at % text.length) + 1));
  const der = fc.constantFrom(leaf.der, leaf.key.export({ type: 'pkcs8', format: 'der' }));
  const mangledDer = fc.tuple(der, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, octet]) => {
    const copy = Uint8Array.from(bytes);
    copy[at % copy.length] = octet;
    return copy;
  });
  const input = fc.oneof(mangled, mangledDer, fc.uint8Array(), fc.string());
  await fc.assert(
    fc.asyncProperty(input, input, async (certificate, privateKey) => {
      for (const init of [
        { certificate, privateKey },
        { certificate: leaf.pem, privateKey },
        { certificate, privateKey: leaf.keyPem },
      ]) {
        expect(await codeOf(fromPem({ ...init, passphrase: 'hunter2' }))).toMatch(/^[A-Za-z_]+$/);
      }
    }),
    { numRuns: 150 },
  );
});
