import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IssuedCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import type { Swtpm } from './start-swtpm.js';

const PROVIDERS = ['-provider', 'tpm2', '-provider', 'default'] as const;

/** What a key is made as. */
export interface KeyWish {
  readonly type: 'RSA' | 'P-256' | 'P-384';
  readonly password?: string;
  /** Handle of a persistent parent. */
  readonly parent?: string;
}

/** By OpenSSL's provider: writes `NAME.pem` and `NAME.pub`. */
export async function makeByOpenssl(tpm: Swtpm, name: string, wish: KeyWish): Promise<void> {
  const type =
    wish.type === 'RSA' ? ['RSA', '-pkeyopt', 'bits:2048'] : ['EC', '-pkeyopt', `group:${wish.type}`];
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

/** tpm2_encodeobject names the owner hierarchy, whatever the parent is in; this names another one. */
export function renameHierarchy(tpm: Swtpm, name: string, hierarchy: number): void {
  rewrite(tpm, name, (der) => {
    der.writeUInt32BE(hierarchy, der.indexOf(Buffer.from('020440000001', 'hex')) + 2);
    return der;
  });
}

/** Adds the field that says that the parent is an RSA key, which tpm2_encodeobject does not know. */
export function setRsaParent(tpm: Swtpm, name: string): void {
  rewrite(tpm, name, (der) => {
    const place = der.indexOf(Buffer.from('020440000001', 'hex'));
    const field = Buffer.from('a5030101ff', 'hex');
    const longer = Buffer.concat([der.subarray(0, place), field, der.subarray(place)]);
    // The length of the whole has one octet after 0x81.
    longer.writeUInt8(longer.readUInt8(2) + field.length, 2);
    return longer;
  });
}

function rewrite(tpm: Swtpm, name: string, change: (der: Buffer) => Buffer): void {
  const path = join(tpm.folder, `${name}.pem`);
  const der = change(Buffer.from(readFileSync(path, 'utf8').replaceAll(/-----.*-----/g, ''), 'base64'));
  const block = `-----BEGIN TSS2 PRIVATE KEY-----\n${der.toString('base64')}\n-----END TSS2 PRIVATE KEY-----\n`;
  writeFileSync(path, block);
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
