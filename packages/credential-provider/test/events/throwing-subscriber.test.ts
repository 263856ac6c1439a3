import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildChildProgram, type ChildProgram } from '../support/child-program.js';
import { arns } from '../support/options.js';
import { giveSession, startSessionServer, type SessionServer } from '../support/session-server.js';

const program = `
import { subscribe } from 'node:diagnostics_channel';
import { eventChannels, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
const expiration = new Date('2099-01-01T00:00:00Z');
const identity = {
  certificate: { der: new Uint8Array([1, 2, 3]), serialNumber: 255n, notBefore: new Date(0), notAfter: expiration,
    subject: 'CN=test', issuer: 'CN=test CA', keyAlgorithm: 'EC' },
  chain: [], expiration,
  key: { algorithm: 'AWS4-X509-ECDSA-SHA256', sign: async () => new Uint8Array(70) },
};
const uncaught = [];
process.on('uncaughtException', ({ message }) => uncaught.push(message));
for (const channel of Object.values(eventChannels)) subscribe(channel, () => { throw new Error(channel); });
const provider = fromRolesAnywhere({ ...${JSON.stringify(arns)}, identity, clientConfig: { endpoint: process.env.ENDPOINT } });
provider()
  .then(() => provider({ forceRefresh: true }))
  .then(() => setImmediate(() => console.log(JSON.stringify(uncaught))));
`;

let server: SessionServer;
let child: ChildProgram;

beforeAll(async () => {
  server = await startSessionServer(giveSession);
  child = await buildChildProgram(program);
});
afterAll(async () => {
  child.remove();
  await server.close();
});

test('what a subscriber throws costs no caller a session: Node reports it to the program', async () => {
  const { stdout, stderr, exitCode } = await child.run({ ENDPOINT: server.url });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const reported = ['rolesanywhere:refresh-started', 'rolesanywhere:refresh-succeeded'];
  expect(JSON.parse(stdout)).toEqual([...reported, ...reported]);
  expect(server.requests).toHaveLength(2);
});
