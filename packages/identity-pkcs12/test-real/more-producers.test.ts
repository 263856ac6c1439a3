/** Files of node-forge, Bouncy Castle and GnuPG, each with code of its own. */
import { X509Certificate, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { IssuedCertificate } from '@rolesanywhere/pki';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { fromPkcs12 } from '../src/index.js';
import { createHierarchy } from '../test/support/certificates.js';
import { codeOf } from '../../../tools/test-support/error-of.js';
import { exportPkcs12, opensslFolder } from '../test/support/openssl.js';

const PASSPHRASE = 'correct horse';
const BOUNCY_CASTLE = [
  'org.bouncycastle.jce.provider.BouncyCastleProvider',
  '/usr/share/java/bcprov.jar',
] as const;
const FORGE = `
const forge = require(process.argv[1]);
const { readFileSync, writeFileSync } = require('node:fs');
const [algorithm, useMac, passphrase] = [process.argv[2], process.argv[3] === 'MAC', process.argv[4]];
const [leaf, issuer] = readFileSync('in.pem', 'utf8').match(/-----BEGIN CERT[^]*?END CERTIFICATE-----/g);
const key = forge.pki.privateKeyFromPem(readFileSync('key.pem', 'utf8'));
const options = { algorithm, useMac, friendlyName: 'server' };
const asn1 = forge.pkcs12.toPkcs12Asn1(key, [leaf, issuer].map(forge.pki.certificateFromPem), passphrase, options);
writeFileSync('forge.p12', forge.asn1.toDer(asn1).getBytes(), 'binary');
`;
let folder: string;
let leaf: IssuedCertificate;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'more-producers-'));
  const hierarchy = await createHierarchy({ type: 'RSA', modulusLength: 2048 });
  leaf = await hierarchy.leaf('CN=server');
  const chain = [hierarchy.issuer, hierarchy.root];
  const openssl = opensslFolder();
  const options = ['-name', 'server', '-legacy'];
  const data = exportPkcs12(openssl, { leaf, chain, passphrase: PASSPHRASE, out: 'source.p12', options });
  openssl.remove();
  writeFileSync(join(folder, 'source.p12'), data);
  writeFileSync(join(folder, 'key.pem'), leaf.privateKeyPem);
  writeFileSync(join(folder, 'in.pem'), leaf.certificatePem + hierarchy.issuer.certificatePem);
  writeFileSync(join(folder, 'passphrase'), PASSPHRASE);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

async function tool(...command: readonly [string, ...string[]]): Promise<string> {
  // GnuPG keeps its keys in it.
  const env = { GNUPGHOME: join(folder, 'gnupg') };
  const { exitCode, stdout, stderr } = await runCleanly(command, { cwd: folder, env });
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

async function expectOpens(file: string, passphrase: string, chain: readonly string[]): Promise<void> {
  const path = join(folder, file);
  const identity = await fromPkcs12({ file: path, passphrase })();
  expect(identity.certificate.subject).toBe('CN=server');
  expect(identity.chain.map(({ subject }) => subject)).toEqual(chain);
  const message = Buffer.from('message');
  const { publicKey } = new X509Certificate(leaf.certificatePem);
  expect(verify('sha256', message, publicKey, await identity.key.sign(message))).toBe(true);
  expect(await codeOf(fromPkcs12({ file: path, passphrase: 'another' }))).toBe('PASSPHRASE_WRONG');
}

testWith('REAL_FORGE').each(
  ['3des', 'aes128', 'aes192', 'aes256'].flatMap((algorithm) =>
    ['MAC', 'no MAC'].flatMap((mac) =>
      [PASSPHRASE, ''].map((passphrase) => [algorithm, mac, passphrase] as const),
    ),
  ),
)('node-forge, %s, %s, the passphrase "%s"', async (algorithm, mac, passphrase) => {
  const forge = join(realPart('REAL_FORGE') ?? '', 'node_modules', 'node-forge');
  await tool(process.execPath, '-e', FORGE, forge, algorithm, mac, passphrase);
  await expectOpens('forge.p12', passphrase, ['CN=Issuing']);
});

testWith('REAL_PKI_TOOLS').each(['PKCS12', 'PKCS12-3DES-3DES'])(
  'Bouncy Castle, %s, BER of indefinite lengths',
  async (type) => {
    const [provider, jar] = BOUNCY_CASTLE;
    rmSync(join(folder, 'bouncy.p12'), { force: true });
    const from = ['-srckeystore', 'source.p12', '-srcstoretype', 'pkcs12', '-srcstorepass', PASSPHRASE];
    const to = ['-destkeystore', 'bouncy.p12', '-deststoretype', type, '-deststorepass', PASSPHRASE];
    const by = ['-destprovidername', 'BC', '-providerclass', provider, '-providerpath', jar];
    await tool('keytool', '-importkeystore', '-noprompt', ...from, ...to, ...by);
    await expectOpens('bouncy.p12', PASSPHRASE, ['CN=Issuing']);
  },
  60_000,
);

testWith('REAL_PKI_TOOLS')(
  'GnuPG, DER and PEM with a text before it',
  async () => {
    mkdirSync(join(folder, 'gnupg'), { mode: 0o700 });
    writeFileSync(join(folder, 'gnupg', 'gpg-agent.conf'), 'allow-loopback-pinentry\n');
    writeFileSync(join(folder, 'gnupg', 'gpgsm.conf'), 'disable-crl-checks\ndisable-dirmngr\n');
    const asked = ['--batch', '--pinentry-mode', 'loopback', '--passphrase-fd', '0'];
    const gpgsm = (...args: readonly string[]): Promise<string> =>
      tool('sh', '-c', 'exec gpgsm "$@" < passphrase', 'gpgsm', ...args);
    await gpgsm(...asked, '--import', 'source.p12');
    const listed = await gpgsm('--list-secret-keys', '--with-colons');
    const [, fingerprint = ''] = /^fpr:+([0-9A-F]+):/m.exec(listed) ?? [];
    const output = (file: string): string[] => [
      ...asked,
      '--output',
      file,
      '--export-secret-key-p12',
      fingerprint,
    ];
    await gpgsm(...output('gnupg.p12'));
    await gpgsm('--armor', ...output('gnupg.pem'));
    await tool('gpgconf', '--kill', 'all');
    await expectOpens('gnupg.p12', PASSPHRASE, []);
    expect(readFileSync(join(folder, 'gnupg.pem'), 'latin1')).toMatch(/^Issuer [^]*BEGIN PKCS12/);
    await expectOpens('gnupg.pem', PASSPHRASE, []);
  },
  60_000,
);
