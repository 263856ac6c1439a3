import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IssuedCertificate } from '@rolesanywhere/pki';
import { fromPkcs12 } from '../../src/index.js';
import { createHierarchy, derOf, pkcs8Of } from '../support/certificates.js';
import { codeOf, errorOf } from '../../../../tools/test-support/error-of.js';
import {
  ITERATIONS,
  type Pbes2,
  certificateBag,
  encryptedKeyBag,
  encryptedSafe,
  keyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
  scryptAes256,
} from '../support/write-pkcs12.js';
import { integer, octets, oid, sequence } from '../support/der.js';

const PASSPHRASE = 'correct horse';
let leaf: IssuedCertificate;
beforeAll(async () => {
  leaf = await (await createHierarchy()).leaf('CN=leaf');
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

  test('what is not supported is told before the passphrase is asked for', async () => {
    const protection = pbkdf2Aes256(PASSPHRASE, { claimedIterations: 5_000_001 });
    let asked = 0;
    const passphrase = (): string => {
      asked += 1;
      return PASSPHRASE;
    };
    expect(await codeOf(fromPkcs12({ data: protectedBy(protection), passphrase }))).toBe('KEY_UNSUPPORTED');
    expect(asked).toBe(0);
  });

  test('many derivations that each are allowed come to a limit, too', async () => {
    const protection = pbkdf2Aes256(PASSPHRASE, { claimedIterations: 2_500_000 });
    const keys = Array.from({ length: 10 }, () => encryptedKeyBag(pkcs8Of(leaf), protection));
    expect(await open(pkcs12([plainSafe(...keys)]))).toBe('KEY_UNSUPPORTED');
  });

  test.each([
    ['an initialisation vector of eight octets', 8, 32, 'an initialisation vector has a wrong length'],
    ['no initialisation vector', 0, 32, 'an initialisation vector has a wrong length'],
    ['content that is not made of whole blocks', 16, 33, 'not made of whole blocks'],
    ['no content', 16, 0, 'not made of whole blocks'],
  ])('%s is refused', async (...[, ivOctets, octetsOfContent, words]) => {
    const derivation = sequence(oid('1.2.840.113549.1.5.12'), sequence(octets(Buffer.alloc(8)), integer(1)));
    const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(Buffer.alloc(ivOctets)));
    const algorithm = sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, cipher));
    const protection = { algorithm, encrypt: () => Buffer.alloc(octetsOfContent) };
    const error = await errorOf(fromPkcs12({ data: protectedBy(protection), passphrase: PASSPHRASE }));
    expect([error.code, error.message]).toEqual(['PRIVATE_KEY_INVALID', expect.stringContaining(words)]);
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
