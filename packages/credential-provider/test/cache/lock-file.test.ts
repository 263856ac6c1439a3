import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockFile } from '../../src/cache/lock-file.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-file-'));
  path = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const self = { host: hostname(), pid: process.pid, start: performance.timeOrigin, milliseconds: 30_000 };

/** A lock that another process has left, so long ago by this clock. */
function leave(mark: Partial<typeof self> | string, ageMilliseconds = 0): void {
  writeFileSync(path, typeof mark === 'string' ? mark : JSON.stringify({ ...self, ...mark }));
  const seconds = (Date.now() - ageMilliseconds) / 1000;
  utimesSync(path, seconds, seconds);
}

test('one holder at a time, until it is released', async () => {
  const release = await lockFile(path, 1000);
  expect(await lockFile(path, 1000)).toBeUndefined();
  await release?.();
  expect(await lockFile(path, 1000)).toBeDefined();
});

test('of many at once one gets it', async () => {
  const locks = await Promise.all(Array.from({ length: 50 }, () => lockFile(path, 30_000)));
  expect(locks.filter((release) => release !== undefined)).toHaveLength(1);
});

test('of many that find a dead one at once, one at most gets it, and nothing is left behind', async () => {
  for (let round = 0; round < 100; round += 1) {
    leave({ pid: 2 ** 22 + 1 });
    const locks = await Promise.all(Array.from({ length: 5 }, () => lockFile(path, 30_000)));
    const held = locks.filter((release) => release !== undefined);
    expect(held.length).toBeLessThanOrEqual(1);
    await Promise.all(held.map((release) => release()));
    rmSync(path, { force: true });
    expect(readdirSync(folder)).toEqual([]);
  }
});

describe('a lock that was left is taken over', () => {
  test.each<[string, Partial<typeof self> | string, number]>([
    ['by a process that has died', { pid: 2 ** 22 + 1 }, 0],
    ['by the container of before, whose process had this number', { start: self.start - 1 }, 0],
    ['on another machine, when it is older than it may be', { host: 'other' }, 31_000],
    ['on another machine by a clock that was ahead', { host: 'other' }, -31_000],
    ['by a crash before its holder had signed it', '', 31_000],
    ['with a boast of how long it will be held', { host: 'other', milliseconds: 1e12 }, 601_000],
  ])('%s', async (_name, mark, age) => {
    leave(mark, age);
    expect(await lockFile(path, 1000)).toBeDefined();
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});

describe('a lock is respected', () => {
  test.each<[string, Partial<typeof self> | string, number]>([
    ['of this process', {}, 0],
    ['of another machine', { host: 'other', pid: 2 ** 22 + 1 }, 29_000],
    ['that may be held longer than usual', { host: 'other', milliseconds: 90_000 }, 60_000],
    ['that was just made and is not signed yet', '', 0],
  ])('%s', async (_name, mark, age) => {
    leave(mark, age);
    expect(await lockFile(path, 1000)).toBeUndefined();
  });
});

test('a holder that was passed by does not release the lock of its successor', async () => {
  const release = await lockFile(path, 1000);
  rmSync(path);
  await lockFile(path, 1000);
  await release?.();
  expect(existsSync(path)).toBe(true);
});

test('says no more than host, process and time', async () => {
  await lockFile(path, 1000);
  const mark: unknown = JSON.parse(readFileSync(path, 'utf8'));
  expect(mark).toEqual({ ...self, milliseconds: 1000, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});
