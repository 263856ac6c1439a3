import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { type Agent, startAgent } from '../test/support/agent.js';
import { BACKEND, createTrustDomain } from '../test/support/svid.js';

/** Asks an agent, signs, sees it rotate, closes, meets an agent that is away, and ends by itself with a stream still open. */
const BODY = `
async function main() {
  const provider = fromSpiffe();
  const { certificate, chain, key } = await provider();
  const message = Buffer.from('message');
  const signature = await key.sign(message);
  const { publicKey } = new X509Certificate(certificate.der);
  const again = await provider();
  const isRotated = async () => Buffer.compare((await provider()).certificate.der, certificate.der) !== 0;
  while (!(await isRotated())) await new Promise((resolve) => setTimeout(resolve, 20));
  const second = fromSpiffe();
  const { key: lateKey } = await second();
  await second.close();
  const codeOf = (promise) => promise.then(() => 'none', ({ code }) => code);
  const closed = [await codeOf(second()), await codeOf(lateKey.sign(message))].join();
  const missing = fromSpiffe({ endpoint: 'unix:///nowhere/agent.sock', timeoutMilliseconds: 1000 });
  const { code, message: reason } = await missing().catch((error) => error);
  await missing.close();
  return {
    subject: certificate.subject,
    links: chain.length,
    verifies: verify('sha256', message, publicKey, signature),
    kept: again.certificate !== certificate || again.key === key,
    closed,
    missing: code + ' ' + reason.includes('there is no such socket (ENOENT)'),
  };
}
main().then((result) => console.log(JSON.stringify(result)));
`;
const FILES = {
  'spiffe.mjs': `import { X509Certificate, verify } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';${BODY}`,
  'spiffe.cjs': `const { X509Certificate, verify } = require('node:crypto');
const { fromSpiffe } = require('@rolesanywhere/identity-spiffe');${BODY}`,
};
const EXPECTED = JSON.stringify({
  subject: 'O=SPIRE,C=US',
  links: 1,
  verifies: true,
  kept: true,
  closed: 'IDENTITY_UNAVAILABLE,SIGNING_FAILED',
  missing: 'IDENTITY_UNAVAILABLE true',
});
const NODES = ['20.19.0', '22', '24', '26'];
const DENO = ['run', '--no-prompt', '--no-remote', '--allow-all'] as const;

describe('the packed package, installed as a stranger would, over a socket and over TCP', () => {
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  const agents: Agent[] = [];
  let rotation: NodeJS.Timeout;

  beforeAll(async () => {
    stranger = await installAsStranger(['signer', 'identity-spiffe'], { files: FILES });
    const domain = await createTrustDomain();
    const [first, second] = [await domain.issue(BACKEND), await domain.issue(BACKEND)];
    agents.push(await startAgent({ svids: [first.message] }));
    agents.push(await startAgent({ svids: [first.message] }, 'tcp'));
    let turn = 0;
    rotation = setInterval(() => {
      turn += 1;
      const { message } = turn % 2 === 0 ? first : second;
      agents.forEach((agent) => agent.push({ svids: [message] }));
    }, 300);
  }, 300_000);
  afterAll(async () => {
    clearInterval(rotation);
    for (const agent of agents) await agent.end();
    stranger.remove();
  });

  async function works(command: readonly [string, ...string[]]): Promise<void> {
    for (const { endpoint } of agents) {
      const env = { SPIFFE_ENDPOINT_SOCKET: endpoint };
      const { stdout, stderr } = await runCleanly(command, { cwd: stranger.folder, env });
      expect(stderr).toBe('');
      expect(stdout.trim()).toBe(EXPECTED);
    }
  }

  for (const version of NODES) {
    const node = join(realPart('REAL_NODES') ?? '', 'node_modules', `n${version.slice(0, 2)}`, 'bin', 'node');
    testWith('REAL_NODES')(
      `works in Node ${version}, as an ES module`,
      () => works([node, 'spiffe.mjs']),
      60_000,
    );
    testWith('REAL_NODES')(
      `works in Node ${version}, as CommonJS`,
      () => works([node, 'spiffe.cjs']),
      60_000,
    );
  }

  const runtimes = realPart('REAL_RUNTIMES') ?? '';
  testWith('REAL_RUNTIMES')('works in Bun', () => works([join(runtimes, 'bun'), 'spiffe.mjs']), 60_000);
  testWith('REAL_RUNTIMES')(
    'works in Deno',
    () => works([join(runtimes, 'deno'), ...DENO, 'spiffe.mjs']),
    60_000,
  );
});
