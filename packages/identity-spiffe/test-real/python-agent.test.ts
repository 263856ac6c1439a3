import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { fromSpiffe } from '../src/index.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { eventually } from '../test/support/eventually.js';
import { BACKEND, createTrustDomain, derOf } from '../test/support/svid.js';
import { responseOf } from '../test/support/wire.js';

const AGENT = fileURLToPath(new URL('support/agent.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'python-agent-'));
const endpoint = `unix://${folder}/agent.sock`;
const ends: (() => unknown)[] = [];
const domain = createTrustDomain();

/** An agent on the gRPC of Python, which shares nothing with `@grpc/grpc-js`. */
async function start(kind: 'ok' | 'old' | 'deny' | 'other'): Promise<ChildProcess> {
  const python = join(realPart('REAL_AWS') ?? '', 'python');
  const command = [AGENT, `unix:${folder}/agent.sock`, join(folder, 'message'), kind];
  const agent = spawn(python, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  ends.push(() => agent.kill('SIGKILL'));
  await once(agent.stdout, 'data');
  return agent;
}

/** What an agent that starts after this gives; resolves to the leaf. */
async function rotate(): Promise<Buffer> {
  const svid = await (await domain).issue(BACKEND);
  writeFileSync(join(folder, 'message'), responseOf(svid.message));
  return derOf(svid.certificatePem);
}

function provider(timeoutMilliseconds?: number) {
  const made = fromSpiffe({ endpoint, timeoutMilliseconds });
  ends.unshift(() => made.close());
  return made;
}

describe('an agent on grpcio', () => {
  beforeAll(rotate);
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  testWith('REAL_AWS')(
    'gives its X.509-SVID, is killed, and is found again',
    async () => {
      const agent = await start('ok');
      const identity = provider();
      const { key } = await identity();
      agent.kill('SIGKILL');
      await once(agent, 'exit');
      expect((await identity()).key).toBe(key);
      const renewed = await rotate();
      await start('ok');
      await eventually(async () => renewed.equals((await identity()).certificate.der));
    },
    60_000,
  );

  testWith('REAL_AWS')(
    'may end every connection after a while',
    async () => {
      await start('old');
      const identity = provider();
      const { key } = await identity();
      await pause(2500);
      expect((await identity()).key).toBe(key);
    },
    60_000,
  );

  testWith('REAL_AWS')(
    'may issue no identity, in words that need an encoding',
    async () => {
      await start('deny');
      expect((await errorOf(provider(500))).message).toContain(
        '(PERMISSION_DENIED: no identity issued – yet)',
      );
    },
    60_000,
  );

  testWith('REAL_AWS')(
    'may not have the method',
    async () => {
      await start('other');
      expect((await errorOf(provider())).message).toContain('refused (UNIMPLEMENTED: Method not found!)');
    },
    60_000,
  );
});
