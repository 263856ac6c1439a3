import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IssuedCertificate } from '@rolesanywhere/pki';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of, type Hierarchy } from './support/certificates.js';
import { indefinite } from './support/der.js';
import { codeOf, errorOf } from '../../../tools/test-support/error-of.js';
import {
  bag,
  certificateBag,
  encryptedKeyBag,
  keyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
} from './support/write-pkcs12.js';
import { explicit, integer, octets, oid, sequence } from './support/der.js';

const PASSPHRASE = 'correct horse';
let hierarchy: Hierarchy;
let leaf: IssuedCertificate;
beforeAll(async () => {
  hierarchy = await createHierarchy();
  leaf = await hierarchy.leaf('CN=leaf');
});

const open = (data: Uint8Array, passphrase = PASSPHRASE): Promise<string> =>
  codeOf(fromPkcs12({ data, passphrase }));

describe('structures', () => {
  const bags = (): readonly Buffer[] => [keyBag(pkcs8Of(leaf)), certificateBag(derOf(leaf))];

  test('BER of indefinite length, octet strings in pieces', async () => {
    const pieces = (content: Buffer): Buffer[] =>
      Array.from({ length: Math.ceil(content.length / 100) }, (_, at) =>
        octets(content.subarray(100 * at, 100 * at + 100)),
      );
    const protection = pbkdf2Aes256(PASSPHRASE);
    const bagsOf = indefinite(0x30, certificateBag(derOf(leaf)));
    const info = indefinite(
      0x30,
      oid('1.2.840.113549.1.7.1'),
      protection.algorithm,
      indefinite(0xa0, ...pieces(protection.encrypt(bagsOf))),
    );
    const encrypted = indefinite(
      0x30,
      oid('1.2.840.113549.1.7.6'),
      indefinite(0xa0, indefinite(0x30, integer(0), info)),
    );
    const authenticated = indefinite(0x30, encrypted, plainSafe(encryptedKeyBag(pkcs8Of(leaf), protection)));
    const content = indefinite(0xa0, indefinite(0x24, indefinite(0x24, ...pieces(authenticated))));
    const mac = pbmac1(PASSPHRASE, { keyLength: 32 })(authenticated);
    const data = indefinite(0x30, integer(3), indefinite(0x30, oid('1.2.840.113549.1.7.1'), content), mac);
    expect([await open(data), await open(data, 'x')]).toEqual(['ok', 'PASSPHRASE_WRONG']);
  });

  test('bags inside a bag', async () => {
    expect(await open(pkcs12([plainSafe(bag('6', sequence(...bags())))]))).toBe('ok');
  });

  test('CRLs, secrets and bags of unknown types are passed over', async () => {
    const strange = ['4', '5', '99'].map((type) => bag(type, sequence(octets(Buffer.from('x')))));
    expect(await open(pkcs12([plainSafe(...strange, ...bags())]))).toBe('ok');
  });

  test('PEM, as GnuTLS writes it', async () => {
    const base64 = pkcs12([plainSafe(...bags())]).toString('base64');
    const pem = (text: string): Buffer =>
      Buffer.from(`-----BEGIN PKCS12-----\r\n${text}\r\n-----END PKCS12-----\r\n`);
    expect(await open(pem(base64.replaceAll(/.{64}/g, '$&\r\n')))).toBe('ok');
    expect(await open(pem('*'))).toBe('PRIVATE_KEY_INVALID');
  });

  test.each([
    [
      'PEM of a certificate',
      (): Buffer => Buffer.from(leaf.certificatePem),
      'PRIVATE_KEY_INVALID',
      'fromPemFiles',
    ],
    [
      'an old Java keystore',
      (): Buffer => Buffer.from('feedfeed00000002', 'hex'),
      'KEY_UNSUPPORTED',
      'keytool',
    ],
    ['a certificate', (): Buffer => Buffer.from(derOf(leaf)), 'PRIVATE_KEY_INVALID', 'damaged'],
    ['text', (): Buffer => Buffer.from('hello'), 'PRIVATE_KEY_INVALID', 'does not begin like'],
    ['another version', (): Buffer => sequence(integer(4), sequence()), 'PRIVATE_KEY_INVALID', 'version 3'],
    [
      'a signed one',
      (): Buffer => sequence(integer(3), sequence(oid('1.2.840.113549.1.7.2'), explicit(sequence()))),
      'KEY_UNSUPPORTED',
      'public-key integrity',
    ],
    [
      'an enveloped part',
      (): Buffer => pkcs12([sequence(oid('1.2.840.113549.1.7.3'), explicit(sequence()))]),
      'KEY_UNSUPPORTED',
      'envelopedData',
    ],
  ])('%s is told as such', async (...[, make, code, words]) => {
    const error = await errorOf(fromPkcs12({ data: make(), passphrase: PASSPHRASE }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
  });
});
