import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { buildChildProgram, type ChildProgram } from '../support/child-program.js';
import { arns } from '../support/options.js';
import { giveSession, startSessionServer, type Answer } from '../support/session-server.js';

/**
 * Gets a session; then, in the last third of its life, credentials once more: which starts a refresh in the background.
 * That one has ten minutes. The process has nothing left to do.
 */
const PROGRAM = `
import { generateKeyPairSync, sign } from 'node:crypto';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';

const { ARNS, ENDPOINT, LATER, WAY, FORCE } = process.env;
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const expiration = new Date('2099-01-01T00:00:00Z');
const certificate = { der: new Uint8Array(32), serialNumber: 255n, notBefore: new Date(0), notAfter: expiration, subject: 'CN=a', issuer: 'CN=b', keyAlgorithm: 'EC' };
const key = { algorithm: 'AWS4-X509-ECDSA-SHA256', sign: async (message) => new Uint8Array(sign('sha256', message, privateKey)) };
let endpoint = ENDPOINT;
const provider = fromRolesAnywhere({
  ...JSON.parse(ARNS),
  identity: { certificate, chain: [], key, expiration },
  totalTimeoutMilliseconds: 600_000,
  clientConfig: { endpoint: async () => endpoint, maxAttempts: 1 },
});
const region = 'eu-central-1';
const client = new STSClient({ region, credentials: provider, endpoint: ENDPOINT, maxAttempts: 1 });
const ask = {
  'its own connection': () => provider(),
  'the handler of an AWS client': () => client.send(new GetCallerIdentityCommand({})),
}[WAY];

async function main() {
  await ask();
  if (FORCE) return console.log((await provider({ forceRefresh: true, callerClientConfig: client.config })).accessKeyId);
  const now = Date.now;
  Date.now = () => now() + 3_000_000;
  endpoint = LATER ?? ENDPOINT;
  await ask();
  // The flight gets as far as it gets.
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log('finished');
}
main();
`;

const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:sts::111122223333:assumed-role/uploader/1234</Arn><UserId>AROA:1234</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

let program: ChildProgram;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  program = await buildChildProgram(PROGRAM);
});
afterAll(() => program.remove());
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** STS, and a CreateSession that gives one session and then does as it is told. */
async function serve(later: Answer): Promise<{ url: string; sessions: () => number }> {
  let sessions = 0;
  const server = await startSessionServer((response, request, index) => {
    if (!request.target.startsWith('/sessions')) return response.end(callerIdentity);
    sessions += 1;
    return sessions === 1 ? giveSession(response, request, index) : later(response, request, index);
  });
  closing.push(() => server.close());
  return { url: server.url, sessions: () => sessions };
}

/** Takes connections and says nothing. */
async function serveSilence(): Promise<{ port: number; connections: () => number }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined).resume());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { port: address.port, connections: () => sockets.length };
}

const never: Answer = () => undefined;
const WAYS = ['its own connection', 'the handler of an AWS client'] as const;
const environment = (url: string, way: string, more: Readonly<Record<string, string>> = {}) => ({
  ARNS: JSON.stringify(arns),
  ENDPOINT: url,
  WAY: way,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  ...more,
});
const finished = { exitCode: 0, stdout: 'finished\n', stderr: '' };

describe.each(WAYS)('a refresh in the background through %s does not hold a finished process', (way) => {
  test('when the answer never comes', async () => {
    const { url, sessions } = await serve(never);
    expect(await program.run(environment(url, way))).toEqual(finished);
    expect(sessions()).toBe(2);
  });

  test('when half of the answer comes', async () => {
    const { url, sessions } = await serve((response) => {
      response.writeHead(201, { 'content-length': '1000' }).write('{"credentialSet":[');
    });
    expect(await program.run(environment(url, way))).toEqual(finished);
    expect(sessions()).toBe(2);
  });

  test('when TLS never begins', async () => {
    const { url } = await serve(never);
    const silence = await serveSilence();
    const later = { LATER: `https://127.0.0.1:${silence.port}` };
    expect(await program.run(environment(url, way, later))).toEqual(finished);
    expect(silence.connections()).toBe(1);
  });
});

test('a refresh in the background through a proxy that never answers does not hold a finished process', async () => {
  const { url } = await serve(never);
  const silence = await serveSilence();
  const more = { LATER: 'https://roles.invalid', HTTPS_PROXY: `http://127.0.0.1:${silence.port}` };
  expect(await program.run(environment(url, 'its own connection', more))).toEqual(finished);
  expect(silence.connections()).toBe(1);
});

test.each(WAYS)('a caller who waits for a refresh through %s holds the process', async (way) => {
  const { url } = await serve((response, request, index) => {
    setTimeout(() => giveSession(response, request, index), 200);
  });
  const ended = await program.run(environment(url, way, { FORCE: 'true' }));
  expect(ended).toEqual({ exitCode: 0, stdout: 'ASIAEXAMPLEEXAMPLE12\n', stderr: '' });
});
