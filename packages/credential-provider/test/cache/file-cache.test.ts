import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openFileCache } from '../../src/cache/file-cache.js';
import { key } from './cache-order.js';

const before = { ...process.env };
let home: string;
let directory: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'file-cache-'));
  directory = join(home, 'cache');
  process.env['HOME'] = home;
  delete process.env['XDG_CACHE_HOME'];
});

afterEach(() => {
  process.env = { ...before };
  rmSync(home, { recursive: true, force: true });
});

const write = async (folder?: string): Promise<void> =>
  (await openFileCache(folder)).write(key, 'text', new Date());

describe('the directory', () => {
  test('is ~/.cache/rolesanywhere by default', async () => {
    await write();
    expect(readdirSync(join(home, '.cache/rolesanywhere'))).toEqual([`${key}.json`]);
  });

  test('is below XDG_CACHE_HOME when that is an absolute path', async () => {
    process.env['XDG_CACHE_HOME'] = join(home, 'xdg');
    await write();
    expect(readdirSync(join(home, 'xdg/rolesanywhere'))).toEqual([`${key}.json`]);
  });

  test('is not below an XDG_CACHE_HOME that is relative', async () => {
    process.env['XDG_CACHE_HOME'] = 'relative';
    await write();
    expect(existsSync(join(home, '.cache/rolesanywhere'))).toBe(true);
    expect(existsSync('relative')).toBe(false);
  });

  test('may begin with ~, for the home directory', async () => {
    await write('~/mine/sessions');
    expect(readdirSync(join(home, 'mine/sessions'))).toEqual([`${key}.json`]);
  });

  test('cannot be below a file', async () => {
    writeFileSync(directory, '');
    await expect(write(join(directory, 'sessions'))).rejects.toHaveProperty('code', 'ENOTDIR');
    await expect(write(directory)).rejects.toHaveProperty('code', 'EEXIST');
  });
});

describe('the file', () => {
  const file = (): string => join(directory, `${key}.json`);

  test('is read as it was written', async () => {
    await write(directory);
    expect(await (await openFileCache(directory)).read(key)).toBe('text');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  test('that is not there is nothing', async () => {
    expect(await (await openFileCache(directory)).read(key)).toBeUndefined();
  });

  test('is not read through a symbolic link, and the next write takes the place of that', async () => {
    const cache = await openFileCache(directory);
    const target = join(home, 'target');
    writeFileSync(target, 'of somebody else', { mode: 0o600 });
    symlinkSync(target, file());
    await expect(cache.read(key)).rejects.toThrow(`${file()} is a symbolic link.`);
    await cache.write(key, 'text', new Date());
    expect(await cache.read(key)).toBe('text');
    expect(statSync(target).size).toBe('of somebody else'.length);
  });

  test('is not read when it is a directory, and a write that fails leaves nothing behind', async () => {
    const cache = await openFileCache(directory);
    mkdirSync(file());
    await expect(cache.read(key)).rejects.toThrow('is not a regular file');
    await expect(cache.write(key, 'text', new Date())).rejects.toHaveProperty('code', 'EISDIR');
    expect(readdirSync(directory)).toEqual([`${key}.json`]);
  });
});

test('what another user owns is not used', async () => {
  // Whoever runs this owns neither of both: root is not 12345, and nobody else is root.
  const others = process.getuid?.() === 0 ? directory : '/';
  if (others === directory) {
    mkdirSync(directory, { mode: 0o700 });
    chownSync(directory, 12_345, 12_345);
  }
  await expect(openFileCache(others)).rejects.toThrow('belongs to another user');
});

describe('with each write', () => {
  const hour = 3_600_000;
  const uuid = '0b9f7c1e-2d5c-4a44-9a4e-2a51e5b8a001';

  async function leave(name: string, ageMilliseconds: number): Promise<boolean> {
    const cache = await openFileCache(directory);
    const path = join(directory, name);
    writeFileSync(path, '');
    const seconds = (Date.now() - ageMilliseconds) / 1000;
    utimesSync(path, seconds, seconds);
    await cache.write(key, 'text', new Date());
    return existsSync(path);
  }

  test.each([
    ['entries of a day ago', `${'b'.repeat(64)}.json`, 25 * hour],
    ['what a crash did not rename', `${'b'.repeat(64)}.json.${uuid}.tmp`, 2 * hour],
    ['locks that nobody wants any more', `${'b'.repeat(64)}.lock`, 2 * hour],
    ['locks that were put aside', `${'b'.repeat(64)}.lock.${uuid}`, 2 * hour],
  ])('%s are removed', async (_name, name, age) => {
    expect(await leave(name, age)).toBe(false);
  });

  test.each([
    ['entries of today', `${'b'.repeat(64)}.json`, 23 * hour],
    ['what another is just writing', `${'b'.repeat(64)}.json.${uuid}.tmp`, 0],
    ['files that are not of this cache', 'notes.json', 1000 * hour],
  ])('%s stay', async (_name, name, age) => {
    expect(await leave(name, age)).toBe(true);
  });
});
