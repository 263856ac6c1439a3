import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  issueCertificate,
  issueCertificateAuthority,
  issueCertificateRevocationList,
  parseCertificate,
  type IssueCertificateInit,
  type IssuedCertificate,
} from '../../src/index.js';
import { authority, DATES, ecKey, leafOf } from '../test-authorities.js';

let root: IssuedCertificate;
beforeAll(async () => {
  root = await authority('CN=Root');
});

describe('what is issued without further options', () => {
  test('a CA is a correct one: RSA 2048, CA:TRUE, keyCertSign, ten years from now', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { certificate, privateKey } = await issueCertificateAuthority({ subject: 'CN=CA' });
    expect(certificate).toMatchObject({
      version: 3,
      publicKey: { algorithm: 'RSA', modulusLength: 2048 },
      basicConstraints: { critical: true, ca: true },
      keyUsage: { critical: true, usages: ['keyCertSign', 'cRLSign'] },
      signatureAlgorithm: { name: 'RSA-SHA256' },
    });
    expect(certificate.basicConstraints).not.toHaveProperty('pathLength');
    expect(certificate.authorityKeyIdentifier).toEqual(certificate.subjectKeyIdentifier);
    expect(certificate.notBefore.getTime()).toBeGreaterThanOrEqual(before);
    expect(certificate.notAfter.getTime() - certificate.notBefore.getTime()).toBe(3650 * 86_400_000);
    expect(privateKey.asymmetricKeyType).toBe('rsa');
  });

  test('a client certificate is a correct one: CA:FALSE, digitalSignature, clientAuth, one year', async () => {
    const { certificate, certificatePem, privateKeyPem } = await issueCertificate({
      subject: 'CN=server',
      issuer: root,
      keyAlgorithm: { type: 'EC' },
    });
    expect(certificate).toMatchObject({
      basicConstraints: { critical: true, ca: false },
      keyUsage: { critical: true, usages: ['digitalSignature'] },
      extendedKeyUsage: { critical: false, purposes: ['1.3.6.1.5.5.7.3.2'] },
    });
    expect(certificate.notAfter.getTime() - certificate.notBefore.getTime()).toBe(365 * 86_400_000);
    expect(parseCertificate(certificatePem)).toEqual(certificate);
    expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  test('serial numbers are random, positive and of 16 octets', async () => {
    const numbers = await Promise.all(
      Array.from({ length: 8 }, async () => (await leafOf(root)).certificate.serialNumber),
    );
    expect(new Set(numbers).size).toBe(8);
    for (const number of numbers) expect(number.toString(16)).toHaveLength(32);
  });
});

describe('what the options change', () => {
  test('any serial number of one to twenty-one octets comes back', async () => {
    const privateKey = ecKey();
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: 0n, max: 2n ** 168n - 1n }), async (serialNumber) => {
        const { certificate } = await leafOf(root, { serialNumber, privateKey });
        expect(certificate.serialNumber).toBe(serialNumber);
      }),
      {
        numRuns: 40,
        examples: [[0n], [127n], [128n], [255n], [256n], [2n ** 159n], [2n ** 160n - 1n], [2n ** 168n - 1n]],
      },
    );
  });

  test('version 1 has no extensions', async () => {
    const { certificate } = await leafOf(root, { version: 1 });
    expect(certificate).toMatchObject({ version: 1, extensions: [] });
  });

  test('every extension can be left out', async () => {
    const absent = 'absent';
    const { certificate } = await leafOf(root, {
      basicConstraints: absent,
      keyUsage: absent,
      extendedKeyUsage: absent,
      subjectKeyIdentifier: absent,
      authorityKeyIdentifier: absent,
    });
    expect(certificate).toMatchObject({ version: 3, extensions: [] });
  });

  test('an empty key usage has no bits', async () => {
    expect((await leafOf(root, { keyUsage: [] })).certificate.keyUsage).toEqual({
      critical: true,
      usages: [],
    });
  });

  test('an extension of the caller’s takes the place of the usual one', async () => {
    const extensions = [{ oid: '2.5.29.15', critical: false, value: Uint8Array.of(3, 2, 7, 0x80) }];
    const { certificate } = await leafOf(root, { extensions });
    expect(certificate.keyUsage).toEqual({ critical: false, usages: ['digitalSignature'] });
    expect(certificate.extensions.filter((oid) => oid === '2.5.29.15')).toHaveLength(1);
  });

  test('with an empty subject the alternative name is critical', async () => {
    const subjectAlternativeName = [{ type: 'uri', value: 'spiffe://example.com/a' }] as const;
    const { certificate } = await leafOf(root, { subject: '', subjectAlternativeName });
    expect(certificate.criticalExtensions).toContain('2.5.29.17');
  });

  test('the issuer’s name is copied to the octet, whatever string types it has', async () => {
    const issuer = await authority([
      { type: 'O', value: 'Exámple', encoding: 'bmp' },
      [
        { type: 'CN', value: 'a', encoding: 'printable' },
        { type: 'UID', value: 'b' },
      ],
    ]);
    const { certificate } = await leafOf(issuer);
    expect(certificate.issuer.der).toEqual(issuer.certificate.subject.der);
  });

  test('dates from 2050 on and fractions of a second', async () => {
    const notAfter = new Date('2050-01-01T00:00:00.999Z');
    const { certificate } = await leafOf(root, { notAfter });
    expect(certificate.notAfter.toISOString()).toBe('2050-01-01T00:00:00.000Z');
  });

  test('the options of the caller are not changed', async () => {
    const init: IssueCertificateInit = Object.freeze({
      subject: 'CN=a',
      issuer: root,
      privateKey: ecKey(),
      ...DATES,
    });
    await expect(issueCertificate(init)).resolves.toBeDefined();
  });
});

describe('what is refused', () => {
  const REFUSED: readonly (readonly [string, Partial<IssueCertificateInit>])[] = [
    ['a negative serial number', { serialNumber: -1n }],
    ['a serial number of 22 octets', { serialNumber: 2n ** 168n }],
    ['a date before 1950', { notBefore: new Date('1949-12-31T00:00:00Z') }],
    ['a date that is none', { notAfter: new Date(Number.NaN) }],
    ['a name that is no name', { subject: 'server' }],
    ['an unknown attribute type', { subject: [{ type: 'XX', value: 'a' }] }],
    ['an address that is none', { subjectAlternativeName: [{ type: 'ip', value: 'localhost' }] }],
    ['an unknown purpose', { extendedKeyUsage: ['clientAuthentication'] }],
    ['a negative path length', { basicConstraints: { ca: true, pathLength: -1 } }],
    ['a public key', { privateKey: generateKeyPairSync('ed25519').publicKey }],
    ['a key and a key algorithm', { privateKey: ecKey(), keyAlgorithm: { type: 'EC' } }],
    ['MD5 with an EC issuer', { hash: 'MD5' }],
  ];
  test.each(REFUSED)('%s', async (_, init) => {
    await expect(leafOf(root, init)).rejects.toMatchObject({ name: 'PkiError', code: 'INVALID_OPTION' });
  });

  test('a key too small to sign with', async () => {
    const tiny = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
    await expect(leafOf(root, { signingKey: tiny, hash: 'SHA-512' })).rejects.toMatchObject({
      code: 'ISSUING_FAILED',
    });
  });

  test('a revocation list with a bad date', async () => {
    const list = issueCertificateRevocationList({
      issuer: root,
      revoked: [],
      thisUpdate: new Date(Number.NaN),
    });
    await expect(list).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
