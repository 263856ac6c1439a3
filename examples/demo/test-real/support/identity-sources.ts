/** An identity of each source, with the device, agent or service that it needs; for `ceph-identities.test.ts`. */
import { execFileSync, spawn } from 'node:child_process';
import { sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromPemFiles, type X509IdentityProvider } from '@rolesanywhere/credential-provider';
import { fromPkcs12 } from '@rolesanywhere/identity-pkcs12';
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';
import { fromTpm } from '@rolesanywhere/identity-tpm';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { BACKEND, createTrustDomain } from '../../../../packages/identity-spiffe/test/support/svid.js';
import { responseOf } from '../../../../packages/identity-spiffe/test/support/wire.js';
import {
  certify,
  makeAuthority,
  makeByOpenssl,
  makeByTools,
  makePersistent,
} from '../../../../packages/identity-tpm/test-real/support/make-keys.js';
import { startSwtpm } from '../../../../packages/identity-tpm/test-real/support/start-swtpm.js';
import { issueMlDsaCertificate } from '../../../../tools/test-support/issue-ml-dsa.js';
import { realPart } from '../../../../tools/test-support/real-parts.js';
import { fromSigningService } from '../../../remote-signing-key/src/from-signing-service.js';

/** A source that is ready to be asked. */
export interface IdentitySource {
  readonly identity: X509IdentityProvider;
  readonly trustAnchorPem: string;
  end?(): Promise<void>;
}

const AGENT = '../../../../packages/identity-spiffe/test-real/support/agent.py';

/** PEM files with an RSA, EC or ML-DSA key. */
export async function pemFiles(parent: string, type: 'RSA' | 'EC' | 'ML-DSA'): Promise<IdentitySource> {
  const folder = mkdtempSync(join(parent, 'pem-'));
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  const { certificatePem, privateKeyPem } =
    type === 'ML-DSA'
      ? await issueMlDsaCertificate({ subject: 'CN=server', issuer, parameterSet: 65 })
      : await issueCertificate({ subject: 'CN=server', issuer, keyAlgorithm: { type } });
  const [certificate, privateKey] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  writeFileSync(certificate, certificatePem);
  writeFileSync(privateKey, privateKeyPem);
  return { identity: fromPemFiles({ certificate, privateKey }), trustAnchorPem: issuer.certificatePem };
}

/** A file by OpenSSL with its defaults. */
export async function pkcs12File(parent: string): Promise<IdentitySource> {
  const folder = mkdtempSync(join(parent, 'pkcs12-'));
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer });
  writeFileSync(join(folder, 'server.pem'), server.privateKeyPem + server.certificatePem);
  const options = ['-in', 'server.pem', '-passout', 'pass:secret', '-out', 'server.p12'];
  execFileSync('openssl', ['pkcs12', '-export', ...options], { cwd: folder, stdio: 'pipe' });
  const identity = fromPkcs12({ file: join(folder, 'server.p12'), passphrase: 'secret' });
  return { identity, trustAnchorPem: issuer.certificatePem };
}

/** An emulated TPM, with a key file by OpenSSL or a persistent key by tpm2-tools. */
export async function tpmKey(kind: 'file' | 'persistent'): Promise<IdentitySource> {
  const tpm = await startSwtpm();
  const { certificatePem } = await makeAuthority(tpm);
  if (kind === 'file') await makeByOpenssl(tpm, 'key', { type: 'P-256', password: 'secret' });
  else {
    await makeByTools(tpm, 'key', { algorithm: 'rsa2048', password: 'secret' });
    await makePersistent(tpm, 'key', '0x81000101');
  }
  await certify(tpm, 'key');
  const privateKey = kind === 'file' ? join(tpm.folder, 'key.pem') : 'handle:0x81000101';
  const certificate = join(tpm.folder, 'key.crt');
  const identity = fromTpm({ certificate, privateKey, device: tpm.device, password: 'secret' });
  const end = async (): Promise<void> => {
    await identity.close();
    await tpm.stop();
  };
  return { identity, trustAnchorPem: certificatePem, end };
}

/** An agent of SPIFFE on the gRPC of Python. */
export async function svidOfAgent(parent: string): Promise<IdentitySource> {
  const folder = mkdtempSync(join(parent, 'spiffe-'));
  const domain = await createTrustDomain();
  writeFileSync(join(folder, 'message'), responseOf((await domain.issue(BACKEND)).message));
  const python = join(realPart('REAL_AWS') ?? '', 'python');
  const program = fileURLToPath(new URL(AGENT, import.meta.url));
  const socket = join(folder, 'agent.sock');
  const command = [program, `unix:${socket}`, join(folder, 'message'), 'ok'];
  const agent = spawn(python, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(agent.stdout, 'data');
  const identity = fromSpiffe({ endpoint: `unix://${socket}`, spiffeId: BACKEND });
  const end = async (): Promise<void> => {
    await identity.close();
    agent.kill('SIGKILL');
  };
  return { identity, trustAnchorPem: domain.root.certificatePem, end };
}

/** A service that signs what is posted to it. */
export async function signingService(): Promise<IdentitySource> {
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA' });
  const { certificatePem: certificate, privateKey } = await issueCertificate({
    subject: 'CN=server',
    issuer,
  });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(sign('sha256', Buffer.concat(chunks), privateKey)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a TCP port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const init = { certificate, url: `http://127.0.0.1:${port}`, authorization: 'Bearer example' };
  const end = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { identity: fromSigningService(init), trustAnchorPem: issuer.certificatePem, end };
}
