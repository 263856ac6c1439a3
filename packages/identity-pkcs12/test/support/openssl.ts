import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedCertificate } from '@rolesanywhere/pki';

export interface OpensslFolder {
  readonly path: string;
  run(...args: readonly string[]): string;
  read(file: string): Buffer;
  remove(): void;
}

/** What a PKCS#12 file is made of, and how. */
export interface ExportInit {
  readonly leaf: IssuedCertificate;
  readonly chain?: readonly IssuedCertificate[];
  readonly out: string;
  readonly passphrase: string;
  readonly options?: readonly string[];
}

/** A folder of its own to call the openssl program in. */
export function opensslFolder(): OpensslFolder {
  const path = mkdtempSync(join(tmpdir(), 'pkcs12-'));
  return {
    path,
    run: (...args) => execFileSync('openssl', args, { cwd: path, stdio: 'pipe' }).toString(),
    read: (file) => readFileSync(join(path, file)),
    remove: () => rmSync(path, { recursive: true }),
  };
}

/** `openssl pkcs12 -export`; gives the bytes. */
export function exportPkcs12(folder: OpensslFolder, { leaf, chain = [], ...init }: ExportInit): Buffer {
  const pem = [leaf.privateKeyPem, leaf.certificatePem, ...chain.map(({ certificatePem }) => certificatePem)];
  writeFileSync(join(folder.path, 'in.pem'), pem.join(''));
  writeFileSync(join(folder.path, 'pass'), `${init.passphrase}\n`);
  const { out, options = [] } = init;
  folder.run('pkcs12', '-export', '-in', 'in.pem', '-out', out, '-passout', 'file:pass', ...options);
  return folder.read(out);
}
