import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import * as fc from 'fast-check';
import type { Listening } from '../src/server.js';
import {
  createTestWorld,
  EC,
  issueTestCertificates,
  NOT_AFTER,
  NOT_BEFORE,
  type TestWorld,
} from './support/create-test-world.js';
import { fuzzedRequests, type FuzzedRequest } from './support/fuzzed-request.js';
import { wireRequest } from './support/wire-request.js';

const REQUESTS = Number(process.env['EMULATOR_FUZZED_REQUESTS'] ?? 20_000);
const SEED = Number(process.env['EMULATOR_FUZZ_SEED'] ?? 20_260_304);
const CONNECTIONS = 4;

let service: TestWorld;
let listening: Listening;
let valid: readonly Buffer[];

beforeAll(async () => {
  const certificates = await issueTestCertificates();
  service = createTestWorld({ certificates });
  listening = await service.emulator.listen();
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER, keyAlgorithm: EC };
  const ca = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: certificates.root, ...dates });
  const { certificatePem, privateKey } = await issueCertificate({ subject: 'CN=deep', issuer: ca, ...dates });
  const deep = { certificate: certificatePem, privateKey, chain: [ca.certificatePem] };
  const host = `127.0.0.1:${listening.port}`;
  const body = JSON.stringify({ durationSeconds: 900, ...service.arns });
  valid = [
    service.sign({ host }),
    service.sign({ host, ...deep }),
    service.sign({ host, query: {}, body }),
  ].map(wireRequest);
});

afterAll(async () => {
  await listening.close();
});

/** A client that keeps its connection as long as the server lets it. */
function createClient() {
  let socket: Socket | undefined;
  const connected = (): Socket => {
    if (socket === undefined || !socket.writable) {
      socket = connect(listening.port, '127.0.0.1');
      // A reset is followed by `close`, which is waited for.
      socket.on('error', () => undefined).setNoDelay();
    }
    return socket;
  };
  return {
    send: ({ bytes, isFramed }: Pick<FuzzedRequest, 'bytes' | 'isFramed'>) =>
      statusesOf(connected(), bytes, isFramed),
    close: () => void socket?.destroy(),
  };
}

/** Until one whole answer is there or the connection has ended. */
function statusesOf(socket: Socket, bytes: Buffer, isFramed: boolean): Promise<readonly number[]> {
  return new Promise((resolve) => {
    let received = '';
    const finish = (): void => {
      socket.off('data', take).off('close', finish);
      resolve(Array.from(received.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status)));
    };
    const take = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      if (isFramed && isWholeAnswer(received)) finish();
    };
    socket.on('data', take).on('close', finish);
    if (isFramed) socket.write(bytes);
    else socket.end(bytes);
  });
}

function isWholeAnswer(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1 || /^connection: close/im.test(text.slice(0, end))) return false;
  const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
  return text.length >= end + 4 + length;
}

/** One after the other over one connection; what is not refused by the client's fault is reported. */
async function sendAll(requests: readonly FuzzedRequest[], report: (line: string) => void): Promise<void> {
  const client = createClient();
  for (const request of requests) {
    const statuses = await client.send(request);
    const isUnanswered = request.isFramed && statuses.length === 0;
    if (isUnanswered || statuses.some((status) => status < 400 || status > 499)) {
      report(`${request.kind}: ${statuses.join()}: ${JSON.stringify(request.bytes.toString('latin1'))}`);
    }
  }
  client.close();
}

// An unhandled rejection, on whichever side, fails the test by itself: Jest hears of it.
test('20,000 fuzzed requests over a few connections: never a session, never a server error, and it still serves', async () => {
  const client = createClient();
  for (const bytes of valid) expect(await client.send({ bytes, isFramed: true })).toEqual([201]);
  const requests = fc.sample(fuzzedRequests(valid), { numRuns: REQUESTS, seed: SEED });
  expect(requests).toHaveLength(REQUESTS);
  const wrong: string[] = [];
  const share = Math.ceil(REQUESTS / CONNECTIONS);
  const shares = Array.from({ length: CONNECTIONS }, (_, index) =>
    requests.slice(index * share, (index + 1) * share),
  );
  await Promise.all(shares.map((some) => sendAll(some, (line) => void wrong.push(line))));
  expect(wrong.slice(0, 5)).toEqual([]);
  // The rest was no HTTP, and never became a request.
  expect(service.verdicts.length).toBeGreaterThan(REQUESTS / 3);
  for (const bytes of valid) expect(await client.send({ bytes, isFramed: true })).toEqual([201]);
  client.close();
}, 120_000);
