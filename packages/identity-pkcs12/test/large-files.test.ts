import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type IssuedCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { fromPkcs12 } from '../src/index.js';
import { type Hierarchy, createHierarchy, derOf, pkcs8Of } from './support/certificates.js';
import { octets } from './support/der.js';
import { codeOf, errorOf } from '../../../tools/test-support/error-of.js';
import {
  bag,
  certificateBag,
  encryptedKeyBag,
  keyBag,
  pbkdf2Aes256,
  pkcs12,
  plainSafe,
} from './support/write-pkcs12.js';

const PASSPHRASE = 'correct horse';
let hierarchy: Hierarchy;
let leaf: IssuedCertificate;
let stranger: IssuedCertificate;
beforeAll(async () => {
  hierarchy = await createHierarchy();
  leaf = await hierarchy.leaf('CN=leaf');
  stranger = await issueCertificateAuthority({ subject: 'CN=Stranger', keyAlgorithm: { type: 'EC' } });
});

const times = (count: number, make: () => Buffer): readonly Buffer[] => Array.from({ length: count }, make);

describe('a store of many certificates', () => {
  const store = (): Buffer =>
    pkcs12([
      plainSafe(
        keyBag(pkcs8Of(leaf)),
        certificateBag(derOf(leaf), '1'),
        certificateBag(derOf(hierarchy.issuer)),
        ...times(150, () => certificateBag(derOf(stranger), 'a trusted certificate')),
      ),
    ]);

  test('opens, and what has nothing to do with the key is left out', async () => {
    const { certificate, chain } = await fromPkcs12({ data: store() })();
    expect([certificate.subject, ...chain.map(({ subject }) => subject)]).toEqual(['CN=leaf', 'CN=Issuing']);
  });

  test('others have their turns meanwhile', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await fromPkcs12({ data: store() })();
    isOver = true;
    expect(turns).toBeGreaterThan(30);
  });
});

describe('a file that asks for too much is refused', () => {
  test.each([
    [
      'keys',
      (): Buffer => pkcs12([plainSafe(...times(17, () => keyBag(pkcs8Of(leaf))))]),
      'holds 17 private keys',
    ],
    [
      'issuers of one name',
      (): Buffer => {
        const root = certificateBag(derOf(hierarchy.root));
        const issuer = certificateBag(derOf(hierarchy.issuer));
        return pkcs12([
          plainSafe(keyBag(pkcs8Of(leaf)), certificateBag(derOf(leaf)), issuer, ...times(40, () => root)),
        ]);
      },
      'holds more than 32 certificates that may stand above',
    ],
    [
      'values in all, though each part may have as many',
      (): Buffer => pkcs12(times(10, () => plainSafe(...times(40, () => certificateBag(derOf(leaf), '1'))))),
      'it has too many parts',
    ],
    [
      'encrypted keys',
      (): Buffer => {
        const key = encryptedKeyBag(pkcs8Of(leaf), pbkdf2Aes256(PASSPHRASE, { iterations: 1 }));
        return pkcs12([plainSafe(...times(100, () => key))]);
      },
      'holds 100 private keys',
    ],
  ])('%s', async (_, make, words) => {
    const { message } = await errorOf(fromPkcs12({ data: make(), passphrase: PASSPHRASE }));
    expect(message).toContain(words);
  });
});

test('a bag of nearly a megabyte that is of no use is passed over', async () => {
  const secret = bag(
    '5',
    octets(Buffer.concat([Buffer.from([4, 0x83, 0x0d, 0xbb, 0xa0]), randomBytes(900_000)])),
  );
  const data = pkcs12([plainSafe(secret, keyBag(pkcs8Of(leaf)), certificateBag(derOf(leaf)))]);
  expect(await codeOf(fromPkcs12({ data }))).toBe('ok');
});
