import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IssuedCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import type { Swtpm } from './start-swtpm.js';

const PROVIDERS = ['-provider', 'tpm2', '-provider', 'default'] as const;

/** What a key is made as. */
export interface KeyWish {
  readonly type: 'RSA' | 'P-256' | 'P-384' | 'P-521';
  /** Of an RSA key. Default: 2048. */
  readonly bits?: number;
  readonly password?: string;
  /** Handle of a persistent parent. */
  readonly parent?: string;
}

/** By OpenSSL's provider: writes `NAME.pem` and `NAME.pub`. */
export async function makeByOpenssl(tpm: Swtpm, name: string, wish: KeyWish): Promise<void> {
  const type =
    wish.type === 'RSA'
      ? ['RSA', '-pkeyopt', `bits:${wish.bits ?? 2048}`]
      : ['EC', '-pkeyopt', `group:${wish.type}`];
  const password = wish.password === undefined ? [] : ['-pkeyopt', `user-auth:${wish.password}`];
  const parent = wish.parent === undefined ? [] : ['-pkeyopt', `parent:${wish.parent}`];
  const options = [...type, ...password, ...parent, '-out', `${name}.pem`];
  await tpm.run('openssl', 'genpkey', ...PROVIDERS, '-algorithm', ...options);
  const pass = wish.password === undefined ? [] : ['-passin', `pass:${wish.password}`];
  await tpm.run(
    'openssl',
    'pkey',
    ...PROVIDERS,
    '-in',
    `${name}.pem`,
    ...pass,
    '-pubout',
    '-out',
    `${name}.pub`,
  );
}

/** What tpm2-tools are told to make. */
export interface ToolsWish {
  /** As `tpm2_create -G` takes it. */
  readonly algorithm: string;
  readonly password?: string;
  readonly attributes?: string;
  /** Options of `tpm2_createprimary`. Default: ECC in the owner hierarchy. */
  readonly parent?: readonly string[];
}

/** Options of `tpm2_createprimary` for the ECC storage key of the TCG. */
export const STORAGE_KEY_OF_TCG = [
  '-C',
  'o',
  '-G',
  'ecc',
  '-a',
  'restricted|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda',
] as const;

const SIGNING = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign';

/** By tpm2-tools: writes `NAME.tpub`, `NAME.tpriv` and `NAME.pub`; the parent's context is `NAME.parent`. */
export async function makeByTools(tpm: Swtpm, name: string, wish: ToolsWish): Promise<void> {
  const parent = wish.parent ?? ['-C', 'o', '-G', 'ecc'];
  await tpm.run('tpm2_createprimary', '-Q', ...parent, '-c', `${name}.parent`);
  const password = wish.password === undefined ? [] : ['-p', wish.password];
  const what = ['-G', wish.algorithm, '-a', wish.attributes ?? SIGNING, ...password];
  const parts = ['-u', `${name}.tpub`, '-r', `${name}.tpriv`];
  await tpm.run('tpm2_create', '-Q', '-C', `${name}.parent`, ...what, ...parts);
  await tpm.run('tpm2_load', '-Q', '-C', `${name}.parent`, ...parts, '-c', `${name}.ctx`);
  await tpm.run('tpm2_readpublic', '-Q', '-c', `${name}.ctx`, '-f', 'pem', '-o', `${name}.pub`);
}

/** Puts a key of {@link makeByTools} to a persistent handle. */
export async function makePersistent(tpm: Swtpm, name: string, handle: string): Promise<void> {
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', `${name}.ctx`, handle);
}

/** Writes a key of {@link makeByTools} to `NAME.pem`, as a `TSS2 PRIVATE KEY`. */
export async function encodeObject(tpm: Swtpm, name: string, ...options: readonly string[]): Promise<void> {
  const parts = ['-C', `${name}.parent`, '-u', `${name}.tpub`, '-r', `${name}.tpriv`];
  await tpm.run('tpm2_encodeobject', ...parts, '-o', `${name}.pem`, ...options);
}

/**
 * A key that tpm2-tools encrypt for the ECC storage key of the TCG: writes `NAME.pem`, which they cannot, as an importable key, and
 * `NAME.pub`.
 */
export async function makeImportable(tpm: Swtpm, name: string, password?: string): Promise<void> {
  const session = async (...kind: readonly string[]): Promise<void> => {
    await tpm.tool('tpm2_startauthsession', ...kind, '-S', 'session');
    await tpm.tool('tpm2_policycommandcode', '-Q', '-S', 'session', '-L', 'policy', 'TPM2_CC_Duplicate');
  };
  await session();
  await tpm.run('tpm2_createprimary', '-Q', ...STORAGE_KEY_OF_TCG, '-c', 'target.parent');
  const policy = ['-L', 'policy', '-a', 'sensitivedataorigin|userwithauth|sign'];
  const secret = password === undefined ? [] : ['-p', password];
  await tpm.run('tpm2_createprimary', '-Q', '-C', 'o', '-G', 'ecc', '-c', `${name}.parent`);
  const parts = ['-C', `${name}.parent`, '-u', `${name}.tpub`, '-r', `${name}.tpriv`];
  await tpm.run('tpm2_create', '-Q', '-G', 'ecc256', ...policy, ...secret, ...parts);
  await tpm.run('tpm2_load', '-Q', ...parts, '-c', `${name}.ctx`);
  await tpm.run('tpm2_readpublic', '-Q', '-c', `${name}.ctx`, '-f', 'pem', '-o', `${name}.pub`);
  await session('--policy-session');
  const where = ['-C', 'target.parent', '-c', `${name}.ctx`, '-G', 'null', '-p', 'session:session'];
  await tpm.run('tpm2_duplicate', '-Q', ...where, '-r', `${name}.dup`, '-s', `${name}.seed`);
  const octets = (suffix: string): Buffer => readFileSync(join(tpm.folder, `${name}.${suffix}`));
  const fields = [
    Buffer.from('06066781050a0104', 'hex'),
    ...(password === undefined ? [der(0xa0, Buffer.of(1, 1, 0xff))] : []),
    der(0xa2, der(0x04, octets('seed'))),
    Buffer.from('020440000001', 'hex'),
    der(0x04, octets('tpub')),
    der(0x04, octets('dup')),
  ];
  writeBlock(tpm, name, der(0x30, ...fields));
}

/** One element with a length of up to three octets. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

/** tpm2_encodeobject names the owner hierarchy, whatever the parent is in; this names another one. */
export function renameHierarchy(tpm: Swtpm, name: string, hierarchy: number): void {
  rewrite(tpm, name, (content) => {
    content.writeUInt32BE(hierarchy, content.indexOf(Buffer.from('020440000001', 'hex')) + 2);
    return content;
  });
}

/** Adds the field that says that the parent is an RSA key, which tpm2_encodeobject does not know. */
export function setRsaParent(tpm: Swtpm, name: string): void {
  rewrite(tpm, name, (content) => {
    const place = content.indexOf(Buffer.from('020440000001', 'hex'));
    const field = Buffer.from('a5030101ff', 'hex');
    const longer = Buffer.concat([content.subarray(0, place), field, content.subarray(place)]);
    // The length of the whole has one octet after 0x81.
    longer.writeUInt8(longer.readUInt8(2) + field.length, 2);
    return longer;
  });
}

function rewrite(tpm: Swtpm, name: string, change: (der: Buffer) => Buffer): void {
  const text = readFileSync(join(tpm.folder, `${name}.pem`), 'utf8').replaceAll(/-----.*-----/g, '');
  writeBlock(tpm, name, change(Buffer.from(text, 'base64')));
}

function writeBlock(tpm: Swtpm, name: string, content: Buffer): void {
  const block = `-----BEGIN TSS2 PRIVATE KEY-----\n${content.toString('base64')}\n-----END TSS2 PRIVATE KEY-----\n`;
  writeFileSync(join(tpm.folder, `${name}.pem`), block);
}

/** A CA whose files the tools can use. */
export async function makeAuthority(tpm: Swtpm): Promise<IssuedCertificate> {
  const authority = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm: { type: 'EC' } });
  writeFileSync(join(tpm.folder, 'ca.crt'), authority.certificatePem);
  writeFileSync(join(tpm.folder, 'ca.key'), authority.privateKeyPem);
  const extensions =
    'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth';
  writeFileSync(
    join(tpm.folder, 'leaf.ext'),
    `${extensions}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n`,
  );
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'request.key'];
  await tpm.run('openssl', 'req', '-new', ...key, '-subj', '/CN=tpm-client', '-out', 'request.csr');
  return authority;
}

/** Issues `TARGET.crt` for the public key of `NAME.pub`; gives it as PEM. */
export async function certify(tpm: Swtpm, name: string, target: string = name): Promise<string> {
  const issuer = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-extfile', 'leaf.ext', '-days', '2'];
  const subject = ['-in', 'request.csr', '-force_pubkey', `${name}.pub`];
  await tpm.run('openssl', 'x509', '-req', ...subject, ...issuer, '-out', `${target}.crt`);
  return tpm.run('openssl', 'x509', '-in', `${target}.crt`);
}
