import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeOf, errorOf } from '../../../../tools/test-support/error-of.js';
import { type LoadedSigner, PLATFORMS, loadSigner } from '../support/load-signer.js';
import { type OpensslFolder, hasOpenssl, opensslFolder } from '../support/openssl.js';

const passphrase = 'correct horse';
const pass = ['-passout', `pass:${passphrase}`];
const KINDS = {
  rsa: ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  p256: ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  p521: ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
} as const;
/** Arguments that turn key.pem into another form, and whether WebCrypto can open it. */
const FORMS: readonly (readonly [name: string, web: boolean, args: readonly string[]])[] = [
  ['PKCS#8 PEM', true, ['pkcs8', '-topk8', '-nocrypt']],
  ['PKCS#8 DER', true, ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER']],
  ['traditional PEM', true, ['pkey', '-traditional']],
  ['traditional DER', true, ['pkey', '-traditional', '-outform', 'DER']],
  ['PBES2 AES-256', true, ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', ...pass]],
  [
    'PBES2 AES-128, SHA-1',
    true,
    ['pkcs8', '-topk8', '-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1', ...pass],
  ],
  [
    'PBES2 AES-192, SHA-512',
    true,
    ['pkcs8', '-topk8', '-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA512', ...pass],
  ],
  ['PBES2 DER', true, ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-outform', 'DER', ...pass]],
  ['PBES2 3DES', false, ['pkcs8', '-topk8', '-v2', 'des3', ...pass]],
  ['PBES1 3DES', false, ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', ...pass]],
  ['scrypt', false, ['pkcs8', '-topk8', '-scrypt', ...pass]],
  ['traditional PEM, AES', false, ['pkey', '-traditional', '-aes256', ...pass]],
  ['traditional PEM, 3DES', false, ['pkey', '-traditional', '-des3', ...pass]],
];

(hasOpenssl ? describe : describe.skip).each(PLATFORMS)(
  'files made by the openssl program, %s platform',
  (platform) => {
    let loaded: LoadedSigner;
    let folder: OpensslFolder;
    beforeAll(async () => {
      loaded = await loadSigner(platform);
      folder = opensslFolder();
    });
    afterAll(() => folder.remove());

    describe.each(Object.entries(KINDS))('with a key of kind %s', (_kind, generate) => {
      let certificate: Buffer;
      beforeAll(() => {
        folder.run(...generate, '-out', 'key.pem');
        folder.run(
          'req',
          '-x509',
          '-new',
          '-key',
          'key.pem',
          '-subj',
          '/O=Example/CN=leaf',
          '-days',
          '30',
          '-out',
          'c.pem',
        );
        certificate = folder.read('c.pem');
      });

      test.each(FORMS)('%s', async (_, web, args) => {
        folder.run(...args, '-in', 'key.pem', '-out', 'form');
        const key = folder.read('form');
        const isEncrypted = args.includes(`pass:${passphrase}`);
        const canOpen = platform === 'node' || web;
        const open = (init: { passphrase?: string }): Promise<string> =>
          codeOf(async () => {
            const identity = await loaded.signer.createX509Identity({ certificate, key, ...init });
            await identity.key.sign(Buffer.from('message'));
          });
        expect(await open({ passphrase })).toBe(canOpen ? 'ok' : 'KEY_UNSUPPORTED');
        const wrong = canOpen ? 'PASSPHRASE_WRONG' : 'KEY_UNSUPPORTED';
        expect(await open({ passphrase: 'another one' })).toBe(isEncrypted ? wrong : 'ok');
        expect(await open({})).toBe(isEncrypted ? 'PASSPHRASE_REQUIRED' : 'ok');
      });
    });

    test('a key that is encrypted with an empty passphrase, which is given as such', async () => {
      folder.run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'e.pem');
      folder.run('req', '-x509', '-new', '-key', 'e.pem', '-subj', '/CN=leaf', '-out', 'e.crt');
      folder.run('pkcs8', '-topk8', '-in', 'e.pem', '-out', 'e.enc', '-passout', 'pass:');
      const parts = { certificate: folder.read('e.crt'), key: folder.read('e.enc') };
      expect(await codeOf(() => loaded.signer.createX509Identity({ ...parts, passphrase: '' }))).toBe('ok');
      expect(await codeOf(() => loaded.signer.createX509Identity(parts))).toBe('PASSPHRASE_REQUIRED');
    });

    test('an old encryption of 600,000 rounds, as GnuTLS writes it', async () => {
      folder.run('genrsa', '-out', 'p.pem', '2048');
      folder.run('req', '-x509', '-new', '-key', 'p.pem', '-subj', '/CN=leaf', '-out', 'p.crt');
      const args = ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-iter', '600000'];
      folder.run(...args, '-in', 'p.pem', '-out', 'p.enc', ...pass);
      const parts = { certificate: folder.read('p.crt'), key: folder.read('p.enc') };
      const open = (given: string): Promise<string> =>
        codeOf(() => loaded.signer.createX509Identity({ ...parts, passphrase: given }));
      const isNode = platform === 'node';
      expect(await open(passphrase)).toBe(isNode ? 'ok' : 'KEY_UNSUPPORTED');
      expect(await open('another one')).toBe(isNode ? 'PASSPHRASE_WRONG' : 'KEY_UNSUPPORTED');
    });

    test('a key whose encryption is unknown is told apart from a key of an unknown kind', async () => {
      folder.run('genrsa', '-out', 'd.pem', '2048');
      folder.run('req', '-x509', '-new', '-key', 'd.pem', '-subj', '/CN=leaf', '-out', 'd.crt');
      const legacy = ['-provider', 'default', '-provider', 'legacy'];
      folder.run(
        'pkcs8',
        '-topk8',
        '-v1',
        'PBE-MD5-DES',
        ...legacy,
        '-in',
        'd.pem',
        '-out',
        'd.enc',
        ...pass,
      );
      const parts = { certificate: folder.read('d.crt'), key: folder.read('d.enc'), passphrase };
      const { code, message } = await errorOf(() => loaded.signer.createX509Identity(parts));
      expect(code).toBe('KEY_UNSUPPORTED');
      expect(message).toContain('Encrypt it anew: openssl pkcs8');
      expect(message).not.toContain('P-521');
    });

    test('an EC key with its parameters before it', async () => {
      folder.run('ecparam', '-name', 'prime256v1', '-genkey', '-out', 'param.pem');
      folder.run('req', '-x509', '-new', '-key', 'param.pem', '-subj', '/CN=leaf', '-out', 'param.crt');
      const parts = { certificate: folder.read('param.crt'), key: folder.read('param.pem') };
      expect(parts.key.toString()).toContain('EC PARAMETERS');
      expect((await loaded.signer.createX509Identity(parts)).certificate.keyAlgorithm).toBe('EC');
    });

    test.each([
      ['another curve', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1']],
      ['Ed25519', ['genpkey', '-algorithm', 'ED25519']],
      ['RSA-PSS', ['genpkey', '-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ])('a key of %s is named as unsupported', async (_, args) => {
      folder.run(...args, '-out', 'odd.pem');
      folder.run(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'o.key',
        '-subj',
        '/CN=x',
        '-out',
        'o.crt',
      );
      const parts = { certificate: folder.read('o.crt'), key: folder.read('odd.pem') };
      expect((await errorOf(() => loaded.signer.createX509Identity(parts))).code).toBe('KEY_UNSUPPORTED');
    });

    test('a PKCS#12 file and a certificate request say what they are', async () => {
      folder.run(
        'req',
        '-new',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        'k',
        '-subj',
        '/CN=x',
        '-out',
        'x.csr',
      );
      folder.run('req', '-x509', '-new', '-key', 'k', '-subj', '/CN=x', '-out', 'x.crt');
      folder.run('pkcs12', '-export', '-in', 'x.crt', '-inkey', 'k', '-out', 'x.p12', '-passout', 'pass:x');
      folder.run('req', '-in', 'x.csr', '-outform', 'DER', '-out', 'x.der');
      const key = folder.read('k');
      for (const [file, name] of [
        ['x.p12', 'PKCS#12'],
        ['x.csr', 'CSR'],
        ['x.der', 'CSR'],
      ] as const) {
        const error = await errorOf(() =>
          loaded.signer.createX509Identity({ certificate: folder.read(file), key }),
        );
        expect(error).toMatchObject({ code: 'CERTIFICATE_INVALID', message: expect.stringContaining(name) });
      }
      const wrongKey = { certificate: folder.read('x.crt'), key: folder.read('x.p12') };
      const error = await errorOf(() => loaded.signer.createX509Identity(wrongKey));
      expect(error).toMatchObject({
        code: 'PRIVATE_KEY_INVALID',
        message: expect.stringContaining('PKCS#12'),
      });
    });
  },
);
