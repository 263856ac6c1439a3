import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IssuedCertificate } from '@rolesanywhere/pki';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of, type Hierarchy } from './support/certificates.js';
import { indefinite } from './support/der.js';
import { codeOf, errorOf } from './support/error-of.js';
import {
  ITERATIONS,
  type Pbes2,
  bag,
  certificateBag,
  encryptedKeyBag,
  encryptedSafe,
  keyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
  scryptAes256,
} from './support/write-pkcs12.js';
import { der, explicit, integer, octets, oid, sequence } from './support/der.js';

const PASSPHRASE = 'correct horse';
let hierarchy: Hierarchy;
let leaf: IssuedCertificate;
let other: IssuedCertificate;
beforeAll(async () => {
  hierarchy = await createHierarchy();
  [leaf, other] = await Promise.all([hierarchy.leaf('CN=leaf'), hierarchy.leaf('CN=other')]);
});

const open = (data: Uint8Array, passphrase = PASSPHRASE): Promise<string> =>
  codeOf(fromPkcs12({ data, passphrase }));

function protectedBy(protection: Pbes2): Buffer {
  const key = plainSafe(encryptedKeyBag(pkcs8Of(leaf), protection));
  return pkcs12([encryptedSafe(protection, certificateBag(derOf(leaf))), key]);
}

describe('key derivations', () => {
  test.each([
    ['HMAC-SHA-1, which is not written', undefined],
    ['HMAC-SHA-1', ['1.2.840.113549.2.7', 'sha1']],
    ['HMAC-SHA-224', ['1.2.840.113549.2.8', 'sha224']],
    ['HMAC-SHA-256', ['1.2.840.113549.2.9', 'sha256']],
    ['HMAC-SHA-384', ['1.2.840.113549.2.10', 'sha384']],
    ['HMAC-SHA-512', ['1.2.840.113549.2.11', 'sha512']],
    ['HMAC-SHA-512/224', ['1.2.840.113549.2.12', 'sha512-224']],
    ['HMAC-SHA-512/256', ['1.2.840.113549.2.13', 'sha512-256']],
  ] as const)('PBKDF2 with %s, key length written or not', async (_, prf) => {
    for (const writesKeyLength of [true, false]) {
      const options = { writesKeyLength, ...(prf !== undefined && { prf }) };
      const data = protectedBy(pbkdf2Aes256(PASSPHRASE, options));
      expect([await open(data), await open(data, 'x')]).toEqual(['ok', 'PASSPHRASE_WRONG']);
    }
  });

  test('scrypt', async () => {
    const data = protectedBy(scryptAes256(PASSPHRASE, { N: 16_384, r: 8, p: 1 }));
    expect([await open(data), await open(data, 'x')]).toEqual(['ok', 'PASSPHRASE_WRONG']);
  });

  test.each([
    [{ N: 2 ** 30, r: 8, p: 1 }, 'KEY_UNSUPPORTED'],
    [{ N: 2 ** 20, r: 1, p: 2 ** 20 }, 'KEY_UNSUPPORTED'],
    [{ N: 2 ** 20, r: 0, p: 1 }, 'PRIVATE_KEY_INVALID'],
    [{ N: 100_000, r: 8, p: 1 }, 'PRIVATE_KEY_INVALID'],
  ])('scrypt of absurd cost, %o, is refused', async (cost, code) => {
    expect(await open(protectedBy(scryptAes256(PASSPHRASE, cost)))).toBe(code);
  });

  test('more than 5,000,000 iterations are refused with the limit', async () => {
    const data = protectedBy(pbkdf2Aes256(PASSPHRASE, { claimedIterations: 5_000_001 }));
    const { code, message } = await errorOf(fromPkcs12({ data, passphrase: PASSPHRASE }));
    expect([code, message]).toEqual([
      'KEY_UNSUPPORTED',
      expect.stringMatching(/asks for 5,000,001 iterations of key derivation; the limit is 5,000,000/),
    ]);
  });

  test('many derivations that each are allowed come to a limit, too', async () => {
    const protection = pbkdf2Aes256(PASSPHRASE, { claimedIterations: 2_500_000 });
    const keys = Array.from({ length: 10 }, () => encryptedKeyBag(pkcs8Of(leaf), protection));
    expect(await open(pkcs12([plainSafe(...keys)]))).toBe('KEY_UNSUPPORTED');
  });

  test('a passphrase that was taken as BMPString for PBES2', async () => {
    const bmp = Buffer.from(`${PASSPHRASE}\0`, 'utf16le').swap16();
    expect(await open(protectedBy(pbkdf2Aes256(bmp)))).toBe('ok');
  });
});

describe('PBMAC1', () => {
  const withMac = (options: Parameters<typeof pbmac1>[1]): Buffer =>
    pkcs12([plainSafe(keyBag(pkcs8Of(leaf)), certificateBag(derOf(leaf)))], pbmac1(PASSPHRASE, options));

  test.each([20, 32, 64])('with a key of %i octets', async (keyLength) => {
    const data = withMac({ keyLength });
    expect([await open(data), await open(data, 'x')]).toEqual(['ok', 'PASSPHRASE_WRONG']);
  });

  test('without a key length is refused', async () => {
    expect(await open(withMac({}))).toBe('PRIVATE_KEY_INVALID');
  });

  test('with another count of iterations does not fit', async () => {
    expect(await open(withMac({ keyLength: 32, claimedIterations: ITERATIONS + 1 }))).toBe(
      'PASSPHRASE_WRONG',
    );
  });
});

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

describe('which key, which certificate', () => {
  test('the certificate is found by its key, the chain by its names, what else there is is left out', async () => {
    const strangers = await createHierarchy();
    const data = pkcs12([
      plainSafe(
        certificateBag(derOf(strangers.root)),
        certificateBag(derOf(other)),
        certificateBag(derOf(hierarchy.root)),
        certificateBag(derOf(leaf)),
        certificateBag(derOf(hierarchy.issuer)),
        keyBag(pkcs8Of(leaf)),
      ),
    ]);
    const identity = await fromPkcs12({ data })();
    expect(identity.certificate.subject).toBe('CN=leaf');
    expect(identity.chain.map(({ subject }) => subject)).toEqual(['CN=Issuing']);
  });

  test.each([
    [
      'no key',
      (): Buffer[] => [certificateBag(derOf(leaf))],
      'PRIVATE_KEY_INVALID',
      'certificates but no private key',
    ],
    ['nothing', (): Buffer[] => [], 'PRIVATE_KEY_INVALID', 'neither a private key nor a certificate'],
    ['no certificate', (): Buffer[] => [keyBag(pkcs8Of(leaf))], 'CERTIFICATE_INVALID', 'no certificate'],
    [
      'a certificate of another key',
      (): Buffer[] => [keyBag(pkcs8Of(leaf)), certificateBag(derOf(other))],
      'KEY_MISMATCH',
      'CN=other',
    ],
    [
      'a damaged certificate',
      (): Buffer[] => [keyBag(pkcs8Of(leaf)), certificateBag(derOf(leaf).subarray(0, 100))],
      'CERTIFICATE_INVALID',
      'a certificate that is damaged',
    ],
    [
      'a damaged key',
      (): Buffer[] => [keyBag(sequence(integer(0))), certificateBag(derOf(leaf))],
      'PRIVATE_KEY_INVALID',
      '`data`',
    ],
    [
      'a crowd of certificates',
      (): Buffer[] => Array.from({ length: 257 }, () => certificateBag(derOf(leaf))),
      'CERTIFICATE_INVALID',
      'holds 257 certificates',
    ],
  ])('%s is told as such', async (...[, makeBags, code, words]) => {
    const error = await errorOf(fromPkcs12({ data: pkcs12([plainSafe(...makeBags())]) }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
    expect(error.message).not.toMatch(/`(key|certificate|chain)`/);
  });

  test('of several keys none is guessed: their owners are named', async () => {
    const pairs = [leaf, other].flatMap((issued) => [keyBag(pkcs8Of(issued)), certificateBag(derOf(issued))]);
    const error = await errorOf(fromPkcs12({ data: pkcs12([plainSafe(...pairs)]) }));
    expect([error.code, error.message]).toEqual([
      'PRIVATE_KEY_INVALID',
      '`data` holds 2 private keys (CN=leaf; CN=other). Make a file with the one to use: keytool -importkeystore -srcalias ALIAS, or openssl pkcs12 -nodes and -export.',
    ]);
  });

  test('of several keys the one is taken that alone has a leaf of its localKeyID', async () => {
    const data = pkcs12([
      plainSafe(
        keyBag(pkcs8Of(hierarchy.issuer), 'CA'),
        certificateBag(derOf(hierarchy.issuer), 'CA'),
        keyBag(pkcs8Of(leaf), '1'),
        certificateBag(derOf(leaf), '1'),
        keyBag(pkcs8Of(other)),
      ),
    ]);
    expect((await fromPkcs12({ data })()).certificate.subject).toBe('CN=leaf');
  });

  test('one key in two bags is one key', async () => {
    const key = keyBag(pkcs8Of(leaf));
    expect(await open(pkcs12([plainSafe(key, key, certificateBag(derOf(leaf)))]))).toBe('ok');
  });

  test('a key of a kind that cannot sign is named', async () => {
    const ed25519 = sequence(integer(0), sequence(oid('1.3.101.112')), octets(octets(Buffer.alloc(32, 1))));
    const data = pkcs12([plainSafe(keyBag(ed25519), certificateBag(derOf(leaf)))]);
    const { code, message } = await errorOf(fromPkcs12({ data }));
    expect([code, message]).toEqual(['KEY_UNSUPPORTED', expect.stringContaining('Ed25519')]);
  });

  test('attributes behind a key, as Windows writes them, do no harm', async () => {
    const usage = sequence(oid('2.5.29.15'), der(0x31, der(0x03, Buffer.from([0x04, 0x10]))));
    const fields = pkcs8Of(leaf).subarray(pkcs8Of(leaf).indexOf(integer(0)));
    const key = sequence(fields, der(0xa0, usage));
    const data = pkcs12([plainSafe(keyBag(key), certificateBag(derOf(leaf)))]);
    expect(await open(data)).toBe('ok');
  });
});
