import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fileSessionCache, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { testIdentity } from '../support/identity.js';
import { arns } from '../support/options.js';
import { giveSession, startSessionServer, type SessionServer } from '../support/session-server.js';
import { openCheckedCache as openOnTheWeb } from '../../src/cache/web.js';

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

test('where there are no files, it says why it cannot be used', async () => {
  await expect(openOnTheWeb(undefined)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: 'fileSessionCache needs files, which there are none of here: leave `cache` out.',
  });
});
