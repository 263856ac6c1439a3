import { beforeAll, describe, expect, test } from '@jest/globals';
import type { IssuedCertificate } from '@rolesanywhere/pki';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy, derOf, pkcs8Of, type Hierarchy } from './support/certificates.js';
import { der, integer, octets, oid, sequence } from './support/der.js';
import { codeOf, errorOf } from '../../../tools/test-support/error-of.js';
import { certificateBag, keyBag, pkcs12, plainSafe } from './support/write-pkcs12.js';

let hierarchy: Hierarchy;
let leaf: IssuedCertificate;
let other: IssuedCertificate;
beforeAll(async () => {
  hierarchy = await createHierarchy();
  [leaf, other] = await Promise.all([hierarchy.leaf('CN=leaf'), hierarchy.leaf('CN=other')]);
});

const open = (data: Uint8Array): Promise<string> => codeOf(fromPkcs12({ data }));

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

  test('of several keys the one is taken that alone has a leaf at all', async () => {
    const bags = [keyBag(pkcs8Of(other)), keyBag(pkcs8Of(hierarchy.issuer)), keyBag(pkcs8Of(leaf))];
    const certificates = [certificateBag(derOf(hierarchy.issuer)), certificateBag(derOf(leaf))];
    const identity = await fromPkcs12({ data: pkcs12([plainSafe(...bags, ...certificates)]) })();
    expect(identity.certificate.subject).toBe('CN=leaf');
  });

  test('a localKeyID that points to the certificate of another key does not mislead', async () => {
    const data = pkcs12([
      plainSafe(
        keyBag(pkcs8Of(leaf), '1'),
        certificateBag(derOf(other), '1'),
        certificateBag(derOf(leaf), '2'),
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
