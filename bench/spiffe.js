/**
 * An X.509-SVID from the Workload API: the first call against the bare operations that it stands for (an HTTP/2 call that reads
 * the same message, the key made of it), a signature against the bare private-key operation, and a call with the identity in hand.
 */
import { X509Certificate, createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:http2';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { compare, median } from './compare.js';

const SPIFFE_ID = 'spiffe://example.org/bench';

/** P-256, which is what agents issue unless they are told otherwise. */
export async function spiffeFigures() {
  const svid = await issueSvid();
  const agent = await startAgent(svid);
  const provider = fromSpiffe({ endpoint: `unix://${agent.path}` });
  try {
    const { key } = await provider();
    const load = await compare(
      () => loadOnce(agent.path),
      () => readBare(agent.path, svid),
      { warmUp: 50, rounds: 30 },
    );
    const privateKey = createPrivateKey({ key: svid.key, format: 'der', type: 'pkcs8' });
    const signature = await compare(
      () => key.sign(Buffer.from('x'.repeat(160))),
      () => sign('sha256', Buffer.from('x'.repeat(160)), privateKey),
      { warmUp: 2000, rounds: 2000 },
    );
    return [
      {
        name: 'spiffeLoad',
        what: 'first X.509-SVID / bare HTTP/2 call, certificates and key read',
        value: Number(load.toFixed(2)),
        unit: '×',
      },
      {
        name: 'spiffeSignature',
        what: 'signature with an X.509-SVID / bare P-256 signature (sync)',
        value: Number(signature.toFixed(3)),
        unit: '×',
      },
      {
        name: 'spiffeCall',
        what: 'X.509-SVID in hand, a call',
        value: Number((await callMicroseconds(provider)).toFixed(2)),
        unit: 'µs',
      },
    ];
  } finally {
    await provider.close();
    await agent.end();
  }
}

async function loadOnce(path) {
  const provider = fromSpiffe({ endpoint: `unix://${path}` });
  await provider();
  await provider.close();
}

/** The same bytes over the same socket, and the same parsing, without anything around it. */
function readBare(path, { certificates, key }) {
  return new Promise((resolve, reject) => {
    const session = connect('http://localhost', { createConnection: () => createConnection({ path }) });
    session.on('error', reject);
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.end();
    stream.once('data', () => {
      const parsed = certificates.map((certificate) => new X509Certificate(certificate));
      const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
      session.on('close', () => resolve({ parsed, privateKey }));
      session.destroy();
    });
  });
}

async function callMicroseconds(provider) {
  const rounds = [];
  for (let round = 0; round < 9; round += 1) {
    const started = process.hrtime.bigint();
    for (let count = 0; count < 10_000; count += 1) await provider();
    rounds.push(Number(process.hrtime.bigint() - started) / 10_000 / 1000);
  }
  return median(rounds);
}

async function issueSvid() {
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

/** Answers every call with the one message, and keeps the stream open. */
async function startAgent(svid) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const path = join(folder, 'agent.sock');
  const frame = frameOf(svid);
  const server = createServer();
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.write(frame);
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

/** X509SVIDResponse of SPIFFE Workload API §5.1 in a gRPC frame. */
function frameOf({ certificates, key, bundle }) {
  const svid = Buffer.concat([
    field(1, Buffer.from(SPIFFE_ID)),
    field(2, Buffer.concat(certificates)),
    field(3, key),
    field(4, bundle),
  ]);
  const message = field(1, svid);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

/** A field of at most 16 KiB. */
function field(number, content) {
  const length = [(content.length % 128) + 128, Math.floor(content.length / 128)];
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), content]);
}
