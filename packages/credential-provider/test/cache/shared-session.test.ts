import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  fileSessionCache,
  fromRolesAnywhere,
  type RolesAnywhereCredentialProvider,
  type SessionCache,
} from '@rolesanywhere/credential-provider';
import { testIdentity } from '../support/identity.js';
import { arns } from '../support/options.js';
import {
  giveSession,
  refuseWith,
  startSessionServer,
  type SessionServer,
} from '../support/session-server.js';

const identity = testIdentity();
let server: SessionServer;
let directory: string;
let warnings: string[];

beforeEach(async () => {
  server = await startSessionServer(giveSession);
  directory = join(mkdtempSync(join(tmpdir(), 'session-cache-')), 'cache');
  warnings = [];
});

afterEach(async () => {
  await server.close();
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

/** A provider as another process would make it: nothing but the files is shared. */
function provider(cache: SessionCache = fileSessionCache({ directory })): RolesAnywhereCredentialProvider {
  const ignore = (): void => undefined;
  const logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (text: string) => void warnings.push(text),
  };
  return fromRolesAnywhere({ ...arns, identity, cache, logger, clientConfig: { endpoint: server.url } });
}

/** The one file with this ending. */
function cacheFile(ending = '.json'): string {
  const name = readdirSync(directory).find((found) => found.endsWith(ending));
  return join(directory, name ?? 'none');
}

test('many at once make one call in all', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => provider()()));
  expect(new Set(answers.map(({ sessionToken }) => sessionToken)).size).toBe(1);
  expect(server.requests).toHaveLength(1);
});

test('directory and file are private, and nothing else is left behind', async () => {
  await provider()();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(cacheFile()).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toHaveLength(1);
});

test('forceRefresh calls although there is a fresh session', async () => {
  await provider()();
  await provider()({ forceRefresh: true });
  expect(server.requests).toHaveLength(2);
});

test.each([
  ['empty', ''],
  ['half of it', '{"version":1,"session":{"credentials":{"accessKeyId":"A'],
  ['not an object', '[]'],
  ['another version', '{"version":2}'],
  ['no credentials', '{"version":1,"session":{}}'],
  ['huge', 'x'.repeat(100_000)],
])('a file that is spoilt (%s) is replaced', async (_name, text) => {
  await provider()();
  writeFileSync(cacheFile(), text);
  await provider()();
  expect(server.requests).toHaveLength(2);
  await provider()();
  expect(server.requests).toHaveLength(2);
});

describe('what others may read is not used', () => {
  test('an open file', async () => {
    await provider()();
    chmodSync(cacheFile(), 0o644);
    await provider()();
    expect(server.requests).toHaveLength(2);
    expect(warnings.join()).toContain('open to others');
  });

  test('an open directory', async () => {
    await provider()();
    chmodSync(directory, 0o755);
    await provider()();
    expect(server.requests).toHaveLength(2);
  });

  test('a symbolic link in place of the directory', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'session-cache-'));
    symlinkSync(elsewhere, directory);
    await provider()();
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(elsewhere, { recursive: true });
  });
});

test.each([
  ['of a process that has died', (file: string) => writeFileSync(file, lockOf(2 ** 22 + 1))],
  [
    'that is old',
    (file: string) => {
      writeFileSync(file, '');
      utimesSync(file, 0, 0);
    },
  ],
])('a lock %s stops nobody', async (_name, leaveLock) => {
  await provider()();
  const lock = cacheFile().replace(/json$/, 'lock');
  leaveLock(lock);
  await provider()({ forceRefresh: true });
  expect(server.requests).toHaveLength(2);
  expect(readdirSync(directory)).toHaveLength(1);
});

test('a cache that fails in everything costs nobody a session', async () => {
  const fail = async (): Promise<never> => Promise.reject(new Error('disk full, SECRET'));
  await expect(provider({ read: fail, write: fail, lock: fail })()).resolves.toHaveProperty('accessKeyId');
  expect(warnings).toHaveLength(1);
  expect(warnings.join()).not.toContain('SECRET');
});

test('a refusal frees the lock and is not kept', async () => {
  await server.close();
  server = await startSessionServer(refuseWith(403, 'denied'));
  await expect(provider()()).rejects.toHaveProperty('code', 'ACCESS_DENIED');
  expect(readdirSync(directory)).toEqual([]);
});

function lockOf(pid: number): string {
  return JSON.stringify({ host: hostname(), pid, id: 'left' });
}
