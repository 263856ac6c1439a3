import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildChildProgram, type ChildProgram, type Ended } from '../support/child-program.js';
import { arns } from '../support/options.js';
import { giveSession, startSessionServer, type SessionServer } from '../support/session-server.js';

const program = `
import { fileSessionCache, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
const expiration = new Date('2099-01-01T00:00:00Z');
const sign = async () => {
  if (process.env.DIES === 'yes') process.kill(process.pid, 'SIGKILL');
  return new Uint8Array(70);
};
const identity = {
  certificate: { der: new Uint8Array([1, 2, 3]), serialNumber: 255n, notBefore: new Date(0), notAfter: expiration,
    subject: 'CN=test', issuer: 'CN=test CA', keyAlgorithm: 'EC' },
  chain: [], expiration,
  key: { algorithm: 'AWS4-X509-ECDSA-SHA256', sign },
};
const provider = fromRolesAnywhere({ ...${JSON.stringify(arns)}, identity, cache: fileSessionCache({ directory: process.env.CACHE }),
  clientConfig: { endpoint: process.env.ENDPOINT } });
provider().then(() => console.log('done'));
`;

let child: ChildProgram;
let server: SessionServer;
let folder: string;

beforeAll(async () => {
  child = await buildChildProgram(program);
});
afterAll(() => child.remove());

beforeEach(async () => {
  server = await startSessionServer(giveSession);
  folder = mkdtempSync(join(tmpdir(), 'session-cache-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

const run = (env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  child.run({ CACHE: join(folder, 'cache'), ENDPOINT: server.url, ...env });

test('ten processes that start at once make one call in all', async () => {
  const ended = await Promise.all(Array.from({ length: 10 }, () => run()));
  expect(new Set(ended.map(({ stdout, stderr }) => stdout + stderr))).toEqual(new Set(['done\n']));
  expect(server.requests).toHaveLength(1);
});

test('one that is killed while it holds the lock holds up nobody', async () => {
  expect((await run({ DIES: 'yes' })).stdout).toBe('');
  const [left] = readdirSync(join(folder, 'cache'));
  expect(left).toMatch(/\.lock$/);
  expect((await run()).stdout).toBe('done\n');
  // Had it been passed by, the lock would still be there.
  expect(readdirSync(join(folder, 'cache'))).toEqual([left?.replace(/lock$/, 'json')]);
});
