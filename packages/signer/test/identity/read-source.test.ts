import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readPipe } from '../../src/identity/read-pipe.js';
import { createSourceReader } from '../../src/identity/read-source.js';
import { errorOf } from '../support/error-of.js';

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
