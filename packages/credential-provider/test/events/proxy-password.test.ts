import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createFaultAuthority,
  createFaultWorld,
  freePort,
  serveRefusingProxy,
  type FaultWorld,
} from '../support/fault-world.js';
import { rejectionOf } from '../support/options.js';
import { createSecretScanner } from '../support/secret-scanner.js';
import { recordEvents } from '../support/watched-provider.js';

let world: FaultWorld;
let recorded: ReturnType<typeof recordEvents>;

beforeEach(async () => {
  world = await createFaultWorld(await createFaultAuthority());
  recorded = recordEvents();
});
afterEach(async () => {
  delete process.env['HTTPS_PROXY'];
  recorded.close();
  await world.close();
});

test.each([
  ['refuses', () => serveRefusingProxy(world)],
  ['is not there', async () => `http://127.0.0.1:${await freePort()}`],
])('the password of a proxy that %s is in no event, no line and no error', async (_, start) => {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text);
  const logger = { debug: write, info: write, warn: write, error: write };
  const scanner = createSecretScanner();
  for (const text of ['p4ss@word', 'p4ss%40word', Buffer.from('user:p4ss@word').toString('base64')])
    scanner.add('password', text);
  world.endpoint = 'https://roles.invalid';
  process.env['HTTPS_PROXY'] = (await start()).replace('//', '//user:p4ss%40word@');
  const error = await rejectionOf(world.createProvider({ logger, clientConfig: { maxAttempts: 1 } })());
  expect(String(error)).toMatch(/proxy/i);
  expect(recorded.events.filter(({ type }) => type === 'refreshFailed')).toHaveLength(1);
  expect(scanner.findIn(recorded.events, lines, error)).toEqual([]);
});
