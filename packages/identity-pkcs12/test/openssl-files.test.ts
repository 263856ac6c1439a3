import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { X509Certificate, verify } from 'node:crypto';
import type { IssuedCertificate, KeyAlgorithm } from '@rolesanywhere/pki';
import { fromPkcs12 } from '../src/index.js';
import { type Hierarchy, createHierarchy } from './support/certificates.js';
import { codeOf, errorOf } from '../../../tools/test-support/error-of.js';
import { type OpensslFolder, exportPkcs12, opensslFolder } from './support/openssl.js';

const KEYS = [
  { type: 'RSA', modulusLength: 2048 },
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'EC', curve: 'P-521' },
] as const satisfies readonly KeyAlgorithm[];
/** Arguments of `openssl pkcs12 -export`. */
const PROTECTIONS: Readonly<Record<string, readonly string[]>> = {
  'of OpenSSL 3': [],
  'of OpenSSL 1': ['-legacy'],
  'of Windows': ['-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1'],
  'PBES1: two-key 3DES, RC2-128': ['-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128'],
  'PBES1: RC2-40 for the key': ['-legacy', '-keypbe', 'PBE-SHA1-RC2-40', '-certpbe', 'PBE-SHA1-3DES'],
  'AES-128 and AES-192': ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-192-cbc'],
  'PBES2: 3DES': ['-keypbe', 'des-ede3-cbc', '-certpbe', 'des-ede3-cbc'],
  Camellia: ['-keypbe', 'camellia-256-cbc', '-certpbe', 'camellia-128-cbc'],
  'MAC of SHA-224': ['-macalg', 'sha224'],
  'MAC of SHA-384': ['-macalg', 'sha384'],
  'MAC of SHA-512': ['-macalg', 'sha512'],
  'MAC of SHA-512/256': ['-macalg', 'sha512-256'],
  'one iteration': ['-iter', '1', '-nomaciter'],
  '100,000 iterations': ['-iter', '100000'],
  'no MAC': ['-nomac'],
  'the key as it is': ['-keypbe', 'NONE'],
  'the certificates as they are': ['-certpbe', 'NONE'],
  'only a MAC': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
  'with names': ['-name', 'Größe', '-caname', 'issuer', '-CSP', 'a provider'],
};
const PASSPHRASE = 'correct horse';

describe.each(KEYS.map((key) => [Object.values(key).join(' '), key] as const))(
  'a key of %s',
  (_kind, key) => {
    let folder: OpensslFolder;
    let hierarchy: Hierarchy;
    let leaf: IssuedCertificate;
    beforeAll(async () => {
      folder = opensslFolder();
      hierarchy = await createHierarchy(key);
      leaf = await hierarchy.leaf('CN=server');
    });
    afterAll(() => folder.remove());

    function make(passphrase: string, options: readonly string[]): Buffer {
      const { root, issuer } = hierarchy;
      return exportPkcs12(folder, { leaf, chain: [root, issuer], passphrase, options, out: 'made.p12' });
    }

    test.each(Object.entries(PROTECTIONS))('%s', async (_, options) => {
      const data = make(PASSPHRASE, options);
      const identity = await fromPkcs12({ data, passphrase: PASSPHRASE })();
      expect(identity.certificate.subject).toBe('CN=server');
      expect(identity.chain.map(({ subject }) => subject)).toEqual(['CN=Issuing']);
      const message = Buffer.from('message');
      const signature = await identity.key.sign(message);
      expect(verify('sha256', message, new X509Certificate(leaf.certificatePem).publicKey, signature)).toBe(
        true,
      );
      expect(await codeOf(fromPkcs12({ data, passphrase: 'another' }))).toBe('PASSPHRASE_WRONG');
      expect(await codeOf(fromPkcs12({ data }))).toBe('PASSPHRASE_REQUIRED');
    });

    test.each([
      ['modern', []],
      ['legacy', ['-legacy']],
      ['modern, without a MAC', ['-nomac']],
    ])('an empty passphrase, %s', async (_, options) => {
      const data = make('', options);
      expect(await codeOf(fromPkcs12({ data }))).toBe('ok');
      expect(await codeOf(fromPkcs12({ data, passphrase: '' }))).toBe('ok');
      expect(await codeOf(fromPkcs12({ data, passphrase: 'x' }))).toBe('PASSPHRASE_WRONG');
    });

    test('nothing protected at all', async () => {
      const data = make('', ['-nomac', '-keypbe', 'NONE', '-certpbe', 'NONE']);
      expect(await codeOf(fromPkcs12({ data }))).toBe('ok');
      expect(await codeOf(fromPkcs12({ data, passphrase: 'not needed' }))).toBe('ok');
    });

    test.each([
      ['modern', []],
      ['legacy', ['-legacy']],
    ])('a passphrase beyond ASCII and the basic plane, %s', async (_, options) => {
      const passphrase = 'pässwörd € 😀';
      const data = make(passphrase, options);
      expect(await codeOf(fromPkcs12({ data, passphrase }))).toBe('ok');
      expect(await codeOf(fromPkcs12({ data, passphrase: 'passwörd € 😀' }))).toBe('PASSPHRASE_WRONG');
    });

    test.each([
      ['RC4', ['-keypbe', 'PBE-SHA1-RC4-128'], 'RC4-128 (pbeWithSHAAnd128BitRC4)'],
      ['DES', ['-keypbe', 'PBE-MD5-DES'], 'DES (pbeWithMD5AndDES-CBC)'],
      ['ARIA', ['-keypbe', 'aria-256-cbc'], 'the cipher 1.2.410.200046.1.1.12'],
      ['a MAC of MD5', ['-macalg', 'md5'], 'a MAC of the hash function 1.2.840.113549.2.5'],
    ])('%s is named as not supported, with what to do', async (_, options, name) => {
      const data = make(PASSPHRASE, ['-legacy', ...options]);
      const { code, message } = await errorOf(fromPkcs12({ data, passphrase: PASSPHRASE }));
      expect(code).toBe('KEY_UNSUPPORTED');
      expect(message).toContain(
        `is protected with ${name}, which is not supported. Protect it anew: openssl`,
      );
    });
  },
);
