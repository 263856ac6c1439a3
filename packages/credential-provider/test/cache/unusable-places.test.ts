import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fileSessionCache, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { buildChildProgram } from '../support/child-program.js';
import { testIdentity } from '../support/identity.js';
import { arns } from '../support/options.js';
import { giveSession, startSessionServer, type SessionServer } from '../support/session-server.js';

let server: SessionServer;
const platform = Object.getOwnPropertyDescriptor(process, 'platform');

beforeEach(async () => {
  server = await startSessionServer(giveSession);
});

afterEach(async () => {
  await server.close();
  if (platform !== undefined) Object.defineProperty(process, 'platform', platform);
});

test('on Windows a provider with the cache gives credentials, and warns once that the cache is not offered there', async () => {
  Object.defineProperty(process, 'platform', { value: 'win32', configurable: true });
  const warnings: string[] = [];
  const warn = (text: string): void => void warnings.push(text);
  const ignore = (): void => undefined;
  const provider = fromRolesAnywhere({
    ...arns,
    identity: testIdentity(),
    cache: fileSessionCache(),
    logger: { debug: ignore, info: ignore, error: ignore, warn },
    clientConfig: { endpoint: server.url },
  });
  expect(await provider()).toHaveProperty('accessKeyId');
  expect(await provider({ forceRefresh: true })).toHaveProperty('accessKeyId');
  expect(warnings).toEqual([expect.stringContaining('not offered on Windows')]);
});

test('an empty directory is said to be none', async () => {
  const message = '`directory` of fileSessionCache must be the path of a directory.';
  await expect(fileSessionCache({ directory: '' }).read('key')).rejects.toThrow(message);
});

test('where there are no files, the cache can be made, and says why it cannot be used', async () => {
  const program = await buildChildProgram(`
    import { fileSessionCache } from '@rolesanywhere/credential-provider';
    const { log } = console;
    const { process } = globalThis;
    Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true });
    fileSessionCache().read('key').catch((error) => {
      Object.defineProperty(globalThis, 'process', { value: process });
      log(error.code, error.message);
    });
  `);
  try {
    const stdout =
      'INVALID_OPTION fileSessionCache needs files, which there are none of here: leave `cache` out.\n';
    expect(await program.run()).toEqual({ exitCode: 0, stdout, stderr: '' });
  } finally {
    program.remove();
  }
});
