/** What the measurements of a refresh need: a server with TLS in another process, a certificate in files, a provider. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromPem, fromPemFiles, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';

const ID = '4d6b1f0e-0000-4000-8000-00000000000';
export const region = 'eu-central-1';
export const arns = {
  profileArn: `arn:aws:rolesanywhere:${region}:111122223333:profile/${ID}1`,
  roleArn: 'arn:aws:iam::111122223333:role/bench',
  trustAnchorArn: `arn:aws:rolesanywhere:${region}:111122223333:trust-anchor/${ID}2`,
};

/** @param {{ type: 'RSA' | 'EC' }} keyAlgorithm of the identity */
export async function openRefreshWorld(keyAlgorithm) {
  const issuer = await issueCertificateAuthority({ subject: 'CN=Bench CA', keyAlgorithm: { type: 'EC' } });
  const issued = await issueCertificate({ subject: 'CN=bench', issuer, keyAlgorithm });
  const served = await issueCertificate({
    subject: 'CN=localhost',
    issuer,
    keyAlgorithm: { type: 'EC' },
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    subjectAlternativeName: [{ type: 'dns', value: 'localhost' }],
  });
  const server = fork(fileURLToPath(new URL('session-server.js', import.meta.url)));
  server.send({ key: served.privateKeyPem, cert: served.certificatePem });
  const [port] = await once(server, 'message');
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const files = { certificate: join(folder, 'bench.crt'), privateKey: join(folder, 'bench.key') };
  writeFileSync(files.certificate, issued.certificatePem);
  writeFileSync(files.privateKey, issued.privateKeyPem);
  const pem = { certificate: issued.certificatePem, privateKey: issued.privateKeyPem };
  // A new connection with a whole TLS handshake for each request, as after an hour.
  const agentOptions = { ca: issuer.certificatePem, keepAlive: false, maxCachedSessions: 0 };
  const refresher = (identity) => {
    const clientConfig = {
      endpoint: `https://localhost:${port}`,
      requestHandler: { httpsAgent: agentOptions },
    };
    const provider = fromRolesAnywhere({ ...arns, identity, clientConfig });
    return () => provider({ forceRefresh: true });
  };
  return {
    port,
    issued,
    agentOptions,
    refreshFromFiles: () => refresher(fromPemFiles(files)),
    refreshFromMemory: () => refresher(fromPem(pem)),
    close: () => {
      server.disconnect();
      rmSync(folder, { recursive: true });
    },
  };
}
