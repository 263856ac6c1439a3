import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { createX509Identity } from '@rolesanywhere/signer';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { codeOf } from '../../../tools/test-support/error-of.js';

const PASSPHRASE = 'correct horse';
const folder = mkdtempSync(join(tmpdir(), 'producers-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(program: string, ...args: readonly string[]): Buffer {
  return execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function open(
  key: Uint8Array,
  certificate: Uint8Array = readFileSync(join(folder, 'server.crt')),
): Promise<string> {
  return codeOf(async () => {
    const identity = await createX509Identity({ certificate, key, passphrase: PASSPHRASE });
    await identity.key.sign(Buffer.from('message'));
  });
}

/** Python makes one key file and writes it to its output. */
const PYTHON = `
import sys
from cryptography.hazmat.primitives import serialization as s
key = s.load_pem_private_key(open('server.key', 'rb').read(), None)
form, encoding, encrypted = sys.argv[1:]
encryption = s.BestAvailableEncryption(b'${PASSPHRASE}') if encrypted == 'encrypted' else s.NoEncryption()
sys.stdout.buffer.write(key.private_bytes(getattr(s.Encoding, encoding), getattr(s.PrivateFormat, form), encryption))
`;

describe.each([
  ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']],
  ['P-256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']],
])('a key of kind %s, written by', (_kind, algorithm) => {
  beforeAll(() => {
    run('openssl', 'genpkey', ...algorithm, '-out', 'server.key');
    run('openssl', 'req', '-x509', '-new', '-key', 'server.key', '-subj', '/CN=server', '-out', 'server.crt');
  });

  testWith('REAL_PKI_TOOLS').each([
    ['aes-128', 'ok'],
    ['aes-192', 'ok'],
    ['aes-256', 'ok'],
    ['3des', 'ok'],
    ['3des-pkcs12', 'ok'],
    ['arcfour', 'KEY_UNSUPPORTED'],
    ['rc2-40', 'KEY_UNSUPPORTED'],
  ])('certtool with %s', async (cipher, code) => {
    const args = [
      '--to-p8',
      '--load-privkey',
      'server.key',
      '--password',
      PASSPHRASE,
      '--pkcs-cipher',
      cipher,
    ];
    expect(await open(run('certtool', ...args))).toBe(code);
    run('certtool', ...args, '--outder', '--outfile', 'server.der');
    expect(await open(readFileSync(join(folder, 'server.der')))).toBe(code);
  });

  testWith('REAL_PKI_TOOLS').each([
    ['PEM', '', 'ok'],
    ['PEM', PASSPHRASE, 'ok'],
    ['PKCS8', '', 'ok'],
    ['PKCS8', PASSPHRASE, 'ok'],
    ['RFC4716', '', 'KEY_UNSUPPORTED'],
    ['RFC4716', PASSPHRASE, 'KEY_UNSUPPORTED'],
  ])('ssh-keygen as %s, with the passphrase %j', async (form, passphrase, code) => {
    copyFileSync(join(folder, 'server.key'), join(folder, 'ssh.key'));
    run('chmod', '600', 'ssh.key');
    run('ssh-keygen', '-q', '-p', '-m', form, '-P', '', '-N', passphrase, '-f', 'ssh.key');
    expect(await open(readFileSync(join(folder, 'ssh.key')))).toBe(code);
  });

  testWith('REAL_AWS').each([
    ['PKCS8', 'PEM', 'plain', 'ok'],
    ['PKCS8', 'DER', 'plain', 'ok'],
    ['PKCS8', 'PEM', 'encrypted', 'ok'],
    ['PKCS8', 'DER', 'encrypted', 'ok'],
    ['TraditionalOpenSSL', 'PEM', 'plain', 'ok'],
    ['TraditionalOpenSSL', 'DER', 'plain', 'ok'],
    ['TraditionalOpenSSL', 'PEM', 'encrypted', 'ok'],
    ['OpenSSH', 'PEM', 'plain', 'KEY_UNSUPPORTED'],
  ])("Python's cryptography as %s, %s, %s", async (...[form, encoding, encrypted, code]) => {
    const python = join(realPart('REAL_AWS') ?? '', 'python');
    expect(await open(run(python, '-c', PYTHON, form, encoding, encrypted))).toBe(code);
  });
});

testWith('REAL_PKI_TOOLS')('a key and certificate of Java, out of its store by openssl', async () => {
  const store = ['-keystore', 'java.p12', '-storepass', PASSPHRASE, '-alias', 'server'];
  run('keytool', '-genkeypair', ...store, '-keyalg', 'EC', '-groupname', 'secp384r1', '-dname', 'CN=server');
  const certificate = run('keytool', '-exportcert', '-rfc', ...store);
  const text = run('openssl', 'pkcs12', '-in', 'java.p12', '-passin', `pass:${PASSPHRASE}`, '-nodes');
  expect(await open(text, certificate)).toBe('ok');
  expect(await open(text, text)).toBe('ok');
});
