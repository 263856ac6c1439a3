/**
 * An X.509-SVID from the Workload API: the first call against the bare operations that it stands for (an HTTP/2 call that reads
 * the same message, the key made of it), a signature against the bare private-key operation, and a call with the identity in hand.
 */
import { execFile } from 'node:child_process';
import { X509Certificate, createPrivateKey, sign } from 'node:crypto';
import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';
import { compare, median } from './compare.js';
import { issueSvid, responseOf, startAgent } from './spiffe-agent.js';

const script = fileURLToPath(new URL('spiffe-process.js', import.meta.url));

export async function spiffeFigures() {
  const svid = await issueSvid();
  const message = responseOf(svid);
  const agent = await startAgent(() => message);
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
        limit: 3,
      },
      {
        name: 'spiffeSignature',
        what: 'signature with an X.509-SVID / bare P-256 signature (sync)',
        value: Number(signature.toFixed(3)),
        unit: '×',
        limit: 1.1,
      },
      {
        name: 'spiffeCall',
        what: 'X.509-SVID in hand, a call',
        value: Number((await callMicroseconds(provider)).toFixed(2)),
        unit: 'µs',
      },
      ...(await processFigures(agent.path)),
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

/** What a process of its own measures: there nothing has been loaded, and nothing else is done. */
async function processFigures(path) {
  const holds = [];
  for (let count = 0; count < 5; count += 1) holds.push(await measured('hold', path));
  const { longest, count } = await measured('malformed');
  return [
    {
      name: 'spiffeLoopHoldMilliseconds',
      what: 'longest turn of the event loop, first X.509-SVID of a process and 200 signatures at once',
      value: Number(median(holds).toFixed(1)),
      unit: 'ms',
      limit: 20,
    },
    {
      name: 'spiffeMalformedMilliseconds',
      what: `longest of ${count} malformed messages of a Workload API`,
      value: Number(longest.toFixed(1)),
      unit: 'ms',
      limit: 100,
    },
  ];
}

async function measured(...words) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...words], { env });
  return JSON.parse(stdout);
}
