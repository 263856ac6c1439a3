import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createX509Identity } from '../../src/index.js';
import { TAG, writeDer } from '../../src/x509/der.js';
import { codeOf, errorOf } from '../../../../tools/test-support/error-of.js';
import { issue, issueHierarchy, toPem } from '../support/issue.js';

const { leaf } = issueHierarchy(1);
const opaque = { algorithm: 'AWS4-X509-ECDSA-SHA256', sign: async () => new Uint8Array(1) } as const;
const oid = (hex: string): Uint8Array => writeDer(TAG.objectIdentifier, Buffer.from(hex, 'hex'));
const PBES2 = '2a864886f70d01050d';
const PBE_SHA1_3DES = '2a864886f70d010c0103';
const encrypted = (scheme: string, parameters: Uint8Array): Uint8Array =>
  writeDer(
    TAG.sequence,
    writeDer(TAG.sequence, oid(scheme), parameters),
    writeDer(TAG.octetString, new Uint8Array(16)),
  );

describe('an encryption that asks for more than any honest one', () => {
  const number = (value: number): Uint8Array => {
    const bytes = Buffer.alloc(6);
    bytes.writeUIntBE(value, 0, 6);
    return writeDer(TAG.integer, bytes);
  };
  const salt = writeDer(TAG.octetString, new Uint8Array(16));
  const aes = writeDer(TAG.sequence, oid('60864801650304012a'), salt);
  const derivation = (name: string, ...numbers: number[]): Uint8Array =>
    writeDer(TAG.sequence, oid(name), writeDer(TAG.sequence, salt, ...numbers.map(number)));
  const pbes2 = (name: string, ...numbers: number[]): Uint8Array =>
    encrypted(PBES2, writeDer(TAG.sequence, derivation(name, ...numbers), aes));
  const PBKDF2 = '2a864886f70d01050c';
  const SCRYPT = '2b06010401da47040b';

  test.each<[string, Uint8Array]>([
    ['PBKDF2', pbes2(PBKDF2, 10_000_001)],
    ['PBKDF2 beyond 32 bits', pbes2(PBKDF2, 2 ** 46)],
    ['scrypt by its cost', pbes2(SCRYPT, 2 ** 20, 8, 1)],
    ['scrypt by its blocks', pbes2(SCRYPT, 2 ** 14, 2 ** 20, 1)],
    ['scrypt by its lanes', pbes2(SCRYPT, 2 ** 16, 8, 9)],
    ['PKCS#12 in PKCS#8', encrypted(PBE_SHA1_3DES, writeDer(TAG.sequence, salt, number(10_000_001)))],
  ])('is refused before it is tried: %s', async (_, key) => {
    expect(
      await errorOf(() => createX509Identity({ certificate: leaf.pem, key, passphrase: 'x' })),
    ).toMatchObject({
      code: 'KEY_UNSUPPORTED',
      message: expect.stringMatching(/asks for more rounds .* Encrypt it anew: openssl pkcs8/),
    });
  });

  test.each([
    ['no rounds', pbes2(PBKDF2, 0)],
    ['a cost that is no power of two', pbes2(SCRYPT, 1000, 8, 1)],
    ['no cost', pbes2(SCRYPT, 0, 0, 0)],
    ['no lanes', pbes2(SCRYPT, 1024, 8, 0)],
  ])('and one that asks for %s is refused too', async (_, key) => {
    const code = await codeOf(() => createX509Identity({ certificate: leaf.pem, key, passphrase: 'x' }));
    expect(code).toMatch(/^(PRIVATE_KEY_INVALID|PASSPHRASE_WRONG|KEY_UNSUPPORTED)$/);
  });
});

describe('what is larger than any certificate or key', () => {
  test.each<[string, string | Uint8Array]>([
    ['text', 'x'.repeat(1024 * 1024 + 1)],
    ['bytes', new Uint8Array(1024 * 1024 + 1)],
    ['one certificate ten thousand times', leaf.pem.repeat(10_000)],
  ])('is not looked into: %s', async (_, data) => {
    for (const parts of [
      { certificate: data, key: leaf.keyPem },
      { certificate: leaf.pem, chain: data, key: leaf.keyPem },
      { certificate: leaf.pem, key: data },
    ])
      expect((await errorOf(() => createX509Identity(parts))).message).toContain('has more than the 1 MiB');
  });

  test('one block of 64 KiB is named', async () => {
    const large = writeDer(TAG.sequence, new Uint8Array(65_536));
    const certificate = toPem('CERTIFICATE', large);
    expect(await errorOf(() => createX509Identity({ certificate, key: leaf.keyPem }))).toMatchObject({
      code: 'CERTIFICATE_INVALID',
      message: expect.stringContaining('holds something of more than 64 KiB but no certificate'),
    });
    expect(await errorOf(() => createX509Identity({ certificate: leaf.pem, key: large }))).toMatchObject({
      code: 'PRIVATE_KEY_INVALID',
      message: expect.stringContaining('holds something of more than 64 KiB but no private key'),
    });
  });

  test('more than 1024 blocks are not read', async () => {
    const certificate = '-----BEGIN A-----\n-----END A-----\n'.repeat(1025);
    expect(await codeOf(() => createX509Identity({ certificate, key: leaf.keyPem }))).toBe(
      'CERTIFICATE_INVALID',
    );
  });

  test('a serial number of more than 64 octets is no serial number', async () => {
    const serialNumber = '01'.repeat(65);
    const { pem, keyPem } = issue({ subject: 'leaf', serialNumber });
    expect(await codeOf(() => createX509Identity({ certificate: pem, key: keyPem }))).toBe(
      'CERTIFICATE_INVALID',
    );
  });

  test('a long name is shortened in a message', async () => {
    const { pem } = issue({ subject: 'x'.repeat(10_000) });
    const error = await errorOf(() => createX509Identity({ certificate: pem, key: leaf.keyPem }));
    expect(error.code).toBe('KEY_MISMATCH');
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).toContain('x…"');
  });
});

describe('certificates that go in circles', () => {
  const pair = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const [keyOfA, keyOfB] = [pair(), pair()];
  const a = issue({ subject: 'A', key: keyOfA });
  const b = issue({ subject: 'B', key: keyOfB });
  const aByB = issue({ subject: 'A', key: keyOfA, issuer: b, serialNumber: '02' });
  const bByA = issue({ subject: 'B', key: keyOfB, issuer: a, serialNumber: '03' });
  const end = issue({ subject: 'leaf', issuer: a });

  test.each([
    ['whose key is known', end.keyPem],
    ['whose key is a function', opaque],
  ])('A by B, and B by A, beside a leaf %s', async (_, key) => {
    const identity = await createX509Identity({ certificate: end.pem, chain: aByB.pem + bByA.pem, key });
    expect(identity.chain.map(({ subject }) => subject)).toEqual(['CN=A', 'CN=B']);
  });

  test('a leaf that is in the circle itself', async () => {
    const identity = await createX509Identity({ certificate: aByB.pem + bByA.pem, key: keyOfA });
    expect([identity.certificate.subject, identity.chain.length]).toEqual(['CN=A', 1]);
    expect(await codeOf(() => createX509Identity({ certificate: aByB.pem + bByA.pem, key: opaque }))).toBe(
      'ok',
    );
  });

  test('a hundred certificates of one name and key', async () => {
    const same = Array.from({ length: 100 }, (_, place) =>
      issue({ subject: 'A', key: keyOfA, serialNumber: (place + 16).toString(16) }),
    );
    const certificate = same.map(({ pem }) => pem).join('');
    expect((await createX509Identity({ certificate, key: keyOfA })).chain).toEqual([]);
    // Each could have issued each: ten thousand signatures.
    expect(await errorOf(() => createX509Identity({ certificate, key: opaque }))).toMatchObject({
      code: 'CHAIN_INVALID',
      message: expect.stringContaining('Too many certificates of the same names are in `certificate`'),
    });
  });
});

test('one certificate several times counts once', async () => {
  const { chain, leaf: end } = issueHierarchy(2);
  const text = (end.pem + chain.map(({ pem }) => pem).join('')).repeat(50);
  expect((await createX509Identity({ certificate: text, key: end.keyPem })).chain).toHaveLength(2);
});

test('more than 128 certificates are no chain', async () => {
  const chain = Array.from(
    { length: 129 },
    (_, place) => issue({ subject: `CA ${place}`, key: leaf.key }).pem,
  );
  const parts = { certificate: leaf.pem, chain: chain.join(''), key: leaf.keyPem };
  expect(await errorOf(() => createX509Identity(parts))).toMatchObject({
    code: 'CHAIN_INVALID',
    message: expect.stringContaining('`chain` holds 129 certificates, more than the 128'),
  });
});

describe('every form, cut off at each octet and changed at random,', () => {
  const rsa = issue({ subject: 'rsa', kind: 'rsa' });
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'hunter2' };
  const forms: readonly [string, 'certificate' | 'key', Uint8Array][] = [
    ['a certificate in DER', 'certificate', leaf.der],
    ['a certificate in PEM', 'certificate', Buffer.from(leaf.pem)],
    ['PKCS#8', 'key', leaf.key.export({ type: 'pkcs8', format: 'der' })],
    ['SEC 1', 'key', leaf.key.export({ type: 'sec1', format: 'der' })],
    ['PKCS#1', 'key', rsa.key.export({ type: 'pkcs1', format: 'der' })],
    ['encrypted PKCS#8', 'key', leaf.key.export({ type: 'pkcs8', format: 'der', ...cipher })],
    ['traditional PEM', 'key', Buffer.from(leaf.key.export({ type: 'sec1', format: 'pem', ...cipher }))],
  ];

  test.each(forms)('ends with a code of ours: %s', async (...[, part, bytes]) => {
    const good = { certificate: leaf.pem, key: leaf.keyPem, passphrase: 'hunter2' };
    const codeWith = (data: Uint8Array): Promise<string> =>
      codeOf(() => createX509Identity({ ...good, [part]: data }));
    for (let length = 0; length < bytes.length; length += 1)
      expect(await codeWith(bytes.subarray(0, length))).toMatch(/^(ok|[A-Z]+(_[A-Z]+)+)$/);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 0x30, 0x80, 0x84, 0xff));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, octet] of changes) changed[at] = octet;
        expect(await codeWith(changed)).toMatch(/^(ok|[A-Z]+(_[A-Z]+)+)$/);
      }),
      { numRuns: 100 },
    );
  });
});

test('a certificate for a curve without a name is refused by name', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
  const { pem } = issue({ subject: 'explicit', key: privateKey });
  expect(await errorOf(() => createX509Identity({ certificate: pem, key: privateKey }))).toMatchObject({
    code: 'KEY_UNSUPPORTED',
    message: expect.stringContaining('an EC key whose curve is spelled out instead of named'),
  });
});
