/** An agent on `node:http2` for the measurements of X.509-SVIDs, and what it gives. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';

const SPIFFE_ID = 'spiffe://example.org/bench';

/** P-256, which is what agents issue unless they are told otherwise. */
export async function issueSvid() {
  const keyAlgorithm = { type: 'EC', curve: 'P-256' };
  const root = await issueCertificateAuthority({ subject: 'CN=Bench Root', keyAlgorithm });
  const issuer = await issueCertificateAuthority({ subject: 'CN=Bench Agent', issuer: root, keyAlgorithm });
  const subjectAlternativeName = [{ type: 'uri', value: SPIFFE_ID }];
  const leaf = await issueCertificate({ subject: 'O=Bench', issuer, keyAlgorithm, subjectAlternativeName });
  const [leafDer, issuerDer, rootDer] = [leaf, issuer, root].map(
    ({ certificatePem }) => new X509Certificate(certificatePem).raw,
  );
  return {
    certificates: [leafDer, issuerDer],
    bundle: rootDer,
    key: leaf.privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
}

/** Answers every call with the message of the moment, and keeps the stream open. */
export async function startAgent(messageNow) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const path = join(folder, 'agent.sock');
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.write(frameOf(messageNow()));
  });
  await new Promise((resolve) => {
    server.listen(path, resolve);
  });
  return {
    path,
    async end() {
      await new Promise((resolve) => {
        server.close(resolve);
      });
      rmSync(folder, { recursive: true });
    },
  };
}

/** X509SVIDResponse of SPIFFE Workload API §5.1. */
export function responseOf({ certificates, key, bundle }) {
  const svid = [
    field(1, Buffer.from(SPIFFE_ID)),
    field(2, Buffer.concat(certificates)),
    field(3, key),
    field(4, bundle),
  ];
  return field(1, Buffer.concat(svid));
}

/** A field with a length, of Protocol Buffers. */
export function field(number, content) {
  const length = [];
  let rest = content.length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length, rest]), content]);
}

function frameOf(message) {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}
