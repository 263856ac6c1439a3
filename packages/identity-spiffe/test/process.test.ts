import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Agent, startAgent } from './support/agent.js';
import { bundle } from './support/bundle.js';
import { BACKEND, createTrustDomain } from './support/svid.js';

const folder = mkdtempSync(join(tmpdir(), 'process-'));
const script = join(folder, 'script.mjs');
let agent: Agent;

beforeAll(async () => {
  const domain = await createTrustDomain();
  agent = await startAgent({ svids: [(await domain.issue(BACKEND)).message] });
  await bundle(
    `import { fromSpiffe } from '@rolesanywhere/identity-spiffe';
     const provider = fromSpiffe({ timeoutMilliseconds: 400 });
     const { certificate, key } = await provider().catch(({ code }) => ({ certificate: { subject: code } }));
     if (key !== undefined) await key.sign(new Uint8Array(1));
     process.on('exit', (code) => console.log(certificate.subject, code));`,
    script,
  );
}, 30_000);

afterAll(async () => {
  await agent.end();
  rmSync(folder, { recursive: true });
});

/** What the process said before it ended by itself; one that does not end is killed, and fails the test. */
async function run(endpoint: string): Promise<string> {
  const env = { PATH: process.env['PATH'], SPIFFE_ENDPOINT_SOCKET: endpoint };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env, timeout: 10_000 });
  return stdout.trim();
}

test('a process ends by itself while its stream is open', async () => {
  expect(await run(agent.endpoint)).toBe('O=SPIRE,C=US 0');
}, 15_000);

test('a process stays alive for an answer that is still to come, and ends while the next connection is pending', async () => {
  expect(await run(`unix://${folder}/none.sock`)).toBe('IDENTITY_UNAVAILABLE 0');
}, 15_000);
