import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readPipe } from '../../src/identity/read-pipe.js';
import { createSourceReader } from '../../src/identity/read-source.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';

let folder: string;
let path: string;
const noNap = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signer-source-'));
  path = join(folder, 'source');
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([0, 1, 8191, 8192, 8193, 1_048_576])('a file of %d bytes is read whole', async (size) => {
  writeFileSync(path, Buffer.alloc(size, 'ab'));
  const { data } = await createSourceReader(noNap)(path);
  expect(Buffer.from(data).equals(Buffer.alloc(size, 'ab'))).toBe(true);
});

test.each([
  ['a file that is not there', 'missing', 'does not exist'],
  ['a directory', '.', 'is a directory'],
])('%s is unavailable, and the message says so', async (_name, name, says) => {
  const error = await errorOf(() => createSourceReader(noNap)(join(folder, name)));
  expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', message: expect.stringContaining(says) });
});

describe('what has no end, or a very late one, is read to a megabyte and no further:', () => {
  test.each([
    ['a gigabyte of nothing', () => (writeFileSync(path, ''), truncateSync(path, 2 ** 30), path)],
    ['a megabyte and one byte', () => (writeFileSync(path, Buffer.alloc(1_048_577)), path)],
    ['/dev/zero', () => '/dev/zero'],
    ['/dev/urandom', () => '/dev/urandom'],
  ])('%s', async (_name, make) => {
    const named = make();
    const error = await errorOf(() => createSourceReader(noNap)(named));
    const message = `${named} has more than the 1 MiB that certificates and keys may take. Check the path.`;
    expect([error.code, error.message]).toEqual(['IDENTITY_UNAVAILABLE', message]);
  });
});

test('a device without bytes is an empty file', async () => {
  expect((await createSourceReader(noNap)('/dev/null')).data).toHaveLength(0);
});

test('a socket is unavailable, and the message says so', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  const error = await errorOf(() => createSourceReader(noNap)(path));
  expect(error).toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: `${path} is a socket or a device that is not there. Give the path of a file.`,
  });
  server.close();
});

describe('a named pipe', () => {
  beforeEach(() => {
    execFileSync('mkfifo', [path]);
  });

  test('without a writer is given up after half a second, and holds nothing', async () => {
    let waited = 0;
    const nap = async (milliseconds: number): Promise<void> => {
      waited += milliseconds;
    };
    const error = await errorOf(() => createSourceReader(nap)(path));
    expect(error).toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: `${path} is a pipe into which nobody writes. Check the program that should.`,
    });
    expect(waited).toBe(500);
  });

  test('is read to its end, piece by piece, however late they come', async () => {
    // Reading and writing, so that opening does not wait for the other side.
    const writer = openSync(path, 'r+');
    const steps = [
      () => writeSync(writer, 'first '),
      () => undefined,
      () => writeSync(writer, 'second'),
      () => closeSync(writer),
    ];
    const nap = async (): Promise<void> => {
      steps.shift()?.();
      await noNap();
    };
    const { data } = await createSourceReader(nap)(path);
    expect(Buffer.from(data).toString()).toBe('first second');
  });

  test('whose writer is silent for ten seconds is given up', async () => {
    const writer = openSync(path, 'r+');
    const error = await errorOf(() => createSourceReader(async () => undefined)(path));
    closeSync(writer);
    expect(error).toMatchObject({ message: expect.stringContaining('nobody writes') });
  });
});

test('a pipe of more than a megabyte is not read further', async () => {
  const endless = async (buffer: Uint8Array): Promise<number> => Math.min(buffer.length, 65_536);
  const bytes = await readPipe(endless, { maximumBytes: 1_048_576, sleep: noNap });
  expect(bytes).toHaveLength(1_048_577);
});
