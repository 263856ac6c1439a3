import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IssuedCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';

export const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
export const PIN = '482-Tr0ub4dor';
export const SO_PIN = '907-security-officer';

/** A token of SoftHSM with the folder that its files are made in. */
export interface SoftToken {
  readonly label: string;
  readonly folder: string;
  /** What a process needs in its environment to see the token. */
  readonly env: Readonly<Record<string, string>>;
  /** `pkcs11:token=LABEL`, for the attributes that follow. */
  readonly uri: string;
  /** Runs pkcs11-tool of OpenSC, logged in. */
  tool(...args: readonly string[]): string;
  /** Makes a key in the token. `type` as `--key-type` takes it. */
  makeKey(key: { readonly id: string; readonly type: string }, ...options: readonly string[]): void;
  /** Puts a key that was made elsewhere into the token. */
  importKey(id: string, privateKeyPem: string): void;
  putCertificate(id: string, certificatePem: string, label?: string): void;
  /** The public key of a key in the token, PEM. */
  publicKey(id: string): string;
  /** Issues a certificate for a key that is in the token already. */
  certify(id: string, authority: IssuedCertificate): string;
  remove(): void;
}

/**
 * A new token. `shared` is the place that the process of the tests sees: SoftHSM fails in one process while another one adds
 * or removes tokens there, so only one test file may use it. A token in a place of its `own` is for other processes.
 */
export function makeSoftToken(name: string, place: 'shared' | 'own'): SoftToken {
  const label = `${name} ${Math.random().toString(36).slice(2, 8)}`;
  const folder = mkdtempSync(join(tmpdir(), 'hsm-'));
  const env = place === 'shared' ? { SOFTHSM2_CONF: process.env['SOFTHSM2_CONF'] ?? '' } : configure(folder);
  const runHere = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...env } });
  runHere('softhsm2-util', '--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', SO_PIN);
  const login = ['--module', MODULE, '--token-label', label, '--login', '--pin', PIN];
  const tool = (...args: readonly string[]): string => runHere('pkcs11-tool', ...login, ...args);
  const file = (suffix: string): string => join(folder, suffix);

  function publicKey(id: string): string {
    // By OpenSSL's engine, which shares nothing with the code under test; OpenSC 0.23 cannot export P-384.
    const uri = `pkcs11:token=${encodeURIComponent(label)};id=%${id};type=public?pin-value=${PIN}`;
    const module = { ...process.env, ...env, PKCS11_MODULE_PATH: MODULE };
    const args = ['pkey', '-engine', 'pkcs11', '-inform', 'engine', '-pubin', '-in', uri];
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe', env: module });
  }

  return {
    label,
    folder,
    env,
    uri: `pkcs11:token=${encodeURIComponent(label)}`,
    tool,
    makeKey({ id, type }, ...options) {
      tool(
        '--keypairgen',
        '--key-type',
        type,
        '--id',
        id,
        '--label',
        `key ${id}`,
        '--usage-sign',
        ...options,
      );
    },
    importKey(id, privateKeyPem) {
      writeFileSync(
        file('key.pem'),
        createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'pem' }),
      );
      const where = ['--token', label, '--label', `key ${id}`, '--id', id, '--pin', PIN];
      runHere('softhsm2-util', '--import', file('key.pem'), ...where);
      rmSync(file('key.pem'));
    },
    putCertificate(id, certificatePem, objectLabel = `certificate ${id}`) {
      writeFileSync(file('object.pem'), certificatePem);
      runHere('openssl', 'x509', '-in', file('object.pem'), '-outform', 'DER', '-out', file('object.der'));
      tool('--write-object', file('object.der'), '--type', 'cert', '--id', id, '--label', objectLabel);
    },
    publicKey,
    certify(id, authority) {
      writeFileSync(file(`${id}.pub`), publicKey(id));
      return certifyPublicKey(folder, file(`${id}.pub`), authority);
    },
    remove() {
      runHere('softhsm2-util', '--delete-token', '--token', label);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A place for tokens in a folder. */
function configure(folder: string): { readonly SOFTHSM2_CONF: string } {
  mkdirSync(join(folder, 'tokens'));
  const path = join(folder, 'softhsm2.conf');
  writeFileSync(path, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`);
  return { SOFTHSM2_CONF: path };
}

/** A root and an issuing CA below it. */
export async function makeAuthorities(): Promise<{ root: IssuedCertificate; issuing: IssuedCertificate }> {
  const keyAlgorithm = { type: 'EC', curve: 'P-256' } as const;
  const root = await issueCertificateAuthority({ subject: 'CN=Root,O=Example', keyAlgorithm });
  const issuing = await issueCertificateAuthority({
    subject: 'CN=Issuing,O=Example',
    issuer: root,
    keyAlgorithm,
  });
  return { root, issuing };
}

/** Issues a certificate for a public key, whose private half may be anywhere; works with files in `folder`. */
export function certifyPublicKey(
  folder: string,
  publicKeyPath: string,
  authority: IssuedCertificate,
): string {
  const file = (name: string): string => join(folder, name);
  writeFileSync(file('ca.crt'), authority.certificatePem);
  writeFileSync(file('ca.key'), authority.privateKeyPem);
  const extensions = ['basicConstraints=critical,CA:false', 'keyUsage=critical,digitalSignature'];
  const ids = ['extendedKeyUsage=clientAuth', 'authorityKeyIdentifier=keyid', 'subjectKeyIdentifier=hash'];
  writeFileSync(file('leaf.ext'), `${[...extensions, ...ids].join('\n')}\n`);
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    file('other.key'),
  ];
  run('openssl', 'req', '-new', ...key, '-subj', '/O=Example/CN=hsm-client', '-out', file('request.csr'));
  const issuer = [
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-extfile',
    file('leaf.ext'),
    '-days',
    '2',
  ];
  const what = ['-in', file('request.csr'), '-force_pubkey', publicKeyPath, '-out', file('leaf.crt')];
  run('openssl', 'x509', '-req', ...what, ...issuer);
  rmSync(file('ca.key'));
  return readFileSync(file('leaf.crt'), 'utf8');
}

/** Runs a program of which only the answer counts. */
export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
}
