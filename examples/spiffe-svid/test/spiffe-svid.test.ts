import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Agent, startAgent } from '../../../packages/identity-spiffe/test/support/agent.js';
import { BACKEND, FRONTEND, createTrustDomain } from '../../../packages/identity-spiffe/test/support/svid.js';
import { type AwsWorld, startAwsWorld } from '../../../tools/test-support/aws-world.js';
import { compileExample, runExample } from '../../../tools/test-support/run-example.js';

const folder = mkdtempSync(join(tmpdir(), 'spiffe svid '));
let agent: Agent;
let world: AwsWorld;

beforeAll(async () => {
  await compileExample('spiffe-svid', ['identity-spiffe']);
  const domain = await createTrustDomain();
  const svids = [await domain.issue(FRONTEND), await domain.issue(BACKEND)];
  agent = await startAgent({ svids: svids.map(({ message }) => message) });
  writeFileSync(join(folder, 'objeto.txt'), '¡Hola!\n');
  world = await startAwsWorld({ trustAnchorPem: domain.root.certificatePem });
}, 180_000);

afterAll(async () => {
  await Promise.all([world.close(), agent.end()]);
  rmSync(folder, { recursive: true });
});

test('uploads the file with the X.509-SVID of the backend', async () => {
  const env = { ...world.env, SPIFFE_ENDPOINT_SOCKET: agent.endpoint };
  expect(await runExample('spiffe-svid', { cwd: folder, env })).toEqual({
    exitCode: 0,
    stdout: 'objeto.txt is now s3://your-bucket/objeto.txt\n',
    stderr: '',
  });
  expect(await world.read('objeto.txt')).toBe('¡Hola!\n');
});

test('says that there is no agent', async () => {
  const nowhere = join(folder, 'agent.sock');
  const env = { ...world.env, SPIFFE_ENDPOINT_SOCKET: `unix://${nowhere}` };
  const { exitCode, stderr } = await runExample('spiffe-svid', { cwd: folder, env });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(nowhere);
});
