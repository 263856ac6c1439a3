/** Files of Java's keytool, GnuTLS's certtool and NSS's pk12util, in all their protections. */
import { X509Certificate, verify } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { IssuedCertificate, KeyAlgorithm } from '@rolesanywhere/pki';
import { runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { fromPkcs12 } from '../src/index.js';
import { type Hierarchy, createHierarchy } from '../test/support/certificates.js';
import { codeOf, errorOf } from '../../../tools/test-support/error-of.js';
import { exportPkcs12, opensslFolder } from '../test/support/openssl.js';

const PASSPHRASE = 'correct horse';
const NSS_3DES = 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC';
const NSS_RC2 = 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC';
const realTest = testWith('REAL_PKI_TOOLS');
const KEYS = [
  { type: 'RSA', modulusLength: 2048 },
  { type: 'EC', curve: 'P-256' },
  { type: 'EC', curve: 'P-384' },
  { type: 'EC', curve: 'P-521' },
] as const satisfies readonly KeyAlgorithm[];

describe.each(KEYS.map((key) => [Object.values(key).join(' '), key] as const))(
  'a key of %s',
  (_kind, key) => {
    let folder: string;
    let hierarchy: Hierarchy;
    let leaf: IssuedCertificate;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'producers-'));
      hierarchy = await createHierarchy(key);
      leaf = await hierarchy.leaf('CN=server');
      const openssl = opensslFolder();
      const { issuer, root } = hierarchy;
      exportPkcs12(openssl, {
        leaf,
        chain: [issuer, root],
        passphrase: PASSPHRASE,
        out: 'source.p12',
        options: ['-name', 'server'],
      });
      copyFileSync(join(openssl.path, 'source.p12'), join(folder, 'source.p12'));
      openssl.remove();
      for (const [name, text] of [
        ['key.pem', leaf.privateKeyPem],
        ['leaf.pem', leaf.certificatePem],
        ['issuer.pem', issuer.certificatePem],
        ['root.pem', root.certificatePem],
      ] as const)
        writeFileSync(join(folder, name), text);
    }, 60_000);
    afterAll(() => rmSync(folder, { recursive: true }));

    async function tool(...command: readonly [string, ...string[]]): Promise<void> {
      const { exitCode, stdout, stderr } = await runCleanly(command, { cwd: folder });
      if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
    }

    async function expectOpens(file: string, chain: readonly string[]): Promise<void> {
      const path = join(folder, file);
      const identity = await fromPkcs12({ file: path, passphrase: PASSPHRASE })();
      expect(identity.certificate.subject).toBe('CN=server');
      expect(identity.chain.map(({ subject }) => subject)).toEqual(chain);
      const message = Buffer.from('message');
      const { publicKey } = new X509Certificate(leaf.certificatePem);
      expect(verify('sha256', message, publicKey, await identity.key.sign(message))).toBe(true);
      expect(await codeOf(fromPkcs12({ file: path, passphrase: 'another' }))).toBe('PASSPHRASE_WRONG');
    }

    realTest.each([
      ['default', []],
      ['legacy', ['-J-Dkeystore.pkcs12.legacy']],
      ['300,000 iterations', ['-J-Dkeystore.pkcs12.keyPbeIterationCount=300000']],
      [
        'a MAC of SHA-512 and 600,000 iterations',
        ['-J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA512', '-J-Dkeystore.pkcs12.macIterationCount=600000'],
      ],
      ['no MAC', ['-J-Dkeystore.pkcs12.macAlgorithm=NONE']],
      ['certificates as they are', ['-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE']],
    ])(
      'Java keytool, %s',
      async (name, options) => {
        const out = `java ${name}.p12`;
        const [from, to] = ['src', 'dest'].map((end) => [
          `-${end}storetype`,
          'pkcs12',
          `-${end}storepass`,
          PASSPHRASE,
        ]);
        const stores = ['-srckeystore', 'source.p12', '-destkeystore', out, ...(from ?? []), ...(to ?? [])];
        await tool('keytool', ...options, '-importkeystore', '-noprompt', ...stores);
        await expectOpens(out, ['CN=Issuing']);
      },
      60_000,
    );

    realTest(
      'a Java keystore with a trusted certificate and a second key names both owners',
      async () => {
        const store = ['-keystore', 'several.p12', '-storepass', PASSPHRASE, '-storetype', 'pkcs12'];
        const source = ['-srckeystore', 'source.p12', '-srcstorepass', PASSPHRASE, '-srcstoretype', 'pkcs12'];
        const target = [
          '-destkeystore',
          'several.p12',
          '-deststorepass',
          PASSPHRASE,
          '-deststoretype',
          'pkcs12',
        ];
        await tool('keytool', '-importkeystore', '-noprompt', ...source, ...target);
        await tool('keytool', '-importcert', '-noprompt', '-alias', 'trusted', '-file', 'root.pem', ...store);
        await expectOpens('several.p12', ['CN=Issuing']);
        await tool(
          'keytool',
          '-genkeypair',
          '-alias',
          'second',
          '-keyalg',
          'EC',
          '-dname',
          'CN=second',
          ...store,
        );
        const file = join(folder, 'several.p12');
        const { code, message } = await errorOf(fromPkcs12({ file, passphrase: PASSPHRASE }));
        expect(code).toBe('PRIVATE_KEY_INVALID');
        expect(message).toMatch(/holds 2 private keys \((CN=server; CN=second|CN=second; CN=server)\)/);
      },
      60_000,
    );

    realTest(
      'an old Java keystore (JKS) is named, with the command that converts it',
      async () => {
        const stores = ['-srckeystore', 'source.p12', '-destkeystore', 'old.jks', '-deststoretype', 'jks'];
        const passwords = ['-srcstorepass', PASSPHRASE, '-deststorepass', PASSPHRASE];
        await tool('keytool', '-importkeystore', '-noprompt', ...stores, ...passwords);
        const { code, message } = await errorOf(fromPkcs12({ file: join(folder, 'old.jks') }));
        expect([code, message]).toEqual([
          'KEY_UNSUPPORTED',
          expect.stringContaining('keytool -importkeystore'),
        ]);
      },
      60_000,
    );

    realTest.each(['aes-128', 'aes-192', 'aes-256', '3des', '3des-pkcs12', 'rc2-40'])(
      'GnuTLS certtool, %s, 600,000 iterations, DER and PEM',
      async (cipher) => {
        const parts = [
          '--load-privkey',
          'key.pem',
          '--load-certificate',
          'leaf.pem',
          '--load-ca-certificate',
          'issuer.pem',
        ];
        const options = ['--p12-name', 'server', '--password', PASSPHRASE, '--pkcs-cipher', cipher];
        await tool('certtool', '--to-p12', ...parts, ...options, '--outder', '--outfile', `${cipher}.p12`);
        await tool('certtool', '--to-p12', ...parts, ...options, '--outfile', `${cipher}.pem`);
        await expectOpens(`${cipher}.p12`, ['CN=Issuing']);
        expect(readFileSync(join(folder, `${cipher}.pem`), 'latin1')).toContain('BEGIN PKCS12');
        await expectOpens(`${cipher}.pem`, ['CN=Issuing']);
      },
      120_000,
    );

    realTest.each([
      ['default', []],
      ['AES-128, MAC of SHA-384', ['-c', 'AES-128-CBC', '-C', 'AES-256-CBC', '-M', 'SHA-384']],
      ['legacy', ['-c', NSS_3DES, '-C', NSS_RC2, '-M', 'SHA-1']],
      ['Camellia, MAC of SHA-512', ['-c', 'CAMELLIA-256-CBC', '-C', 'CAMELLIA-128-CBC', '-M', 'SHA-512']],
      ['RC2-128 and 3DES', ['-c', 'PKCS #12 V2 PBE With SHA-1 And 128 Bit RC2 CBC', '-C', NSS_3DES]],
      ['certificates as they are', ['-C', 'none']],
    ])(
      'NSS pk12util, %s, 600,000 iterations',
      async (name, options) => {
        if (!existsSync(join(folder, 'nss'))) {
          mkdirSync(join(folder, 'nss'));
          await tool('certutil', '-N', '-d', 'sql:nss', '--empty-password');
          await tool('pk12util', '-i', 'source.p12', '-d', 'sql:nss', '-W', PASSPHRASE);
        }
        const out = `nss ${name}.p12`;
        await tool('pk12util', '-o', out, '-n', 'server', '-d', 'sql:nss', '-W', PASSPHRASE, ...options);
        await expectOpens(out, ['CN=Issuing']);
      },
      120_000,
    );
  },
);
