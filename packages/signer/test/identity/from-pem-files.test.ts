import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fromPemFiles } from '../../src/index.js';
import { pemFilesProvider } from '../../src/identity/from-pem-files.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { type Issued, issue } from '../support/issue.js';
import { untyped } from '../support/untyped.js';

const first = issue({ subject: 'first', notAfter: '20260201000000Z' });
const second = issue({ subject: 'second' });
let folder: string;
let certificate: string;
let privateKey: string;
let now: Date;
let naps: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signer-files-'));
  certificate = join(folder, 'server.crt');
  privateKey = join(folder, 'server.key');
  now = new Date('2026-01-15T00:00:00Z');
  naps = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(pair: Issued): void {
  writeFileSync(certificate, pair.pem);
  writeFileSync(privateKey, pair.keyPem);
}

/** A provider whose n-th nap runs the n-th of the given steps. */
function provider(steps: readonly (() => void)[] = []): ReturnType<typeof fromPemFiles> {
  const sleep = async (milliseconds: number): Promise<void> => {
    expect(milliseconds).toBe(100);
    steps[naps]?.();
    naps += 1;
  };
  return pemFilesProvider({ certificate, privateKey }, { clock: () => now, sleep });
}

test('files are read with the real clock and timer', async () => {
  write(second);
  const identity = await fromPemFiles({ certificate, privateKey })();
  expect(identity.certificate.subject).toBe('CN=second');
});

test('a file of more than a megabyte is not read as a certificate', async () => {
  write(second);
  writeFileSync(certificate, 'x'.repeat(1024 * 1024 + 1));
  const error = await errorOf(fromPemFiles({ certificate, privateKey }));
  expect(error).toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining(`${certificate} has more than the 1 MiB`),
  });
});

test('a combined file needs one path', async () => {
  writeFileSync(certificate, second.keyPem + second.pem);
  expect((await fromPemFiles({ certificate })()).certificate.subject).toBe('CN=second');
});

test('a chain comes from its own file', async () => {
  const issuer = issue({ subject: 'Intermediate', issuer: second });
  write(issue({ subject: 'leaf', issuer }));
  const chain = join(folder, 'chain.pem');
  writeFileSync(chain, issuer.pem + second.pem);
  const identity = await fromPemFiles({ certificate, privateKey, chain })();
  expect(identity.chain.map(({ subject }) => subject)).toEqual(['CN=Intermediate']);
});

test('unchanged files give the same identity, changed ones a new one', async () => {
  write(first);
  const load = provider();
  const identity = await load();
  expect(await load()).toBe(identity);
  write(second);
  expect((await load()).certificate.subject).toBe('CN=second');
  expect(naps).toBe(0);
});

test('two calls at once share one reading', async () => {
  write(first);
  const load = provider();
  const [a, b] = await Promise.all([load(), load()]);
  expect(a).toBe(b);
});

describe('a rotation caught half-way', () => {
  test('is read again until certificate and key fit', async () => {
    write(first);
    writeFileSync(privateKey, second.keyPem);
    const load = provider([() => undefined, () => writeFileSync(certificate, second.pem)]);
    expect((await load()).certificate.subject).toBe('CN=second');
    expect(naps).toBe(2);
  });

  test.each<[string, () => void]>([
    ['a missing file', () => rmSync(privateKey)],
    ['a torn certificate', () => writeFileSync(certificate, second.pem.slice(0, 100))],
    ['a torn key', () => writeFileSync(privateKey, second.keyPem.slice(0, 100))],
    ['an empty file', () => writeFileSync(privateKey, '')],
    ['a key that does not fit', () => writeFileSync(privateKey, second.keyPem)],
  ])('that stays so gives the last good identity while that is valid: %s', async (_, disturb) => {
    write(first);
    const load = provider();
    const good = await load();
    expect(good.keptBecause).toBeUndefined();
    disturb();
    const keptBecause = expect.objectContaining({ code: expect.any(String) });
    expect(await load()).toEqual({ ...good, keptBecause });
    expect(naps).toBe(3);
    now = new Date('2026-02-02T00:00:00Z');
    expect((await errorOf(load)).code).toMatch(/IDENTITY_UNAVAILABLE|INVALID|MISMATCH/);
  });

  test('with nothing good before it is an error that names the file', async () => {
    write(first);
    writeFileSync(privateKey, second.keyPem);
    expect(await errorOf(provider())).toMatchObject({
      code: 'KEY_MISMATCH',
      message: expect.stringContaining(certificate),
    });
  });
});

test('the passphrase is asked for once, also when only the certificate changes', async () => {
  let asked = 0;
  const passphrase = (): string => {
    asked += 1;
    return 'hunter2';
  };
  write(second);
  const encrypted = second.key.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'hunter2',
  });
  writeFileSync(privateKey, encrypted);
  const load = fromPemFiles({ certificate, privateKey, passphrase });
  await load();
  writeFileSync(certificate, issue({ subject: 'renewed', key: second.key }).pem);
  expect((await load()).certificate.subject).toBe('CN=renewed');
  expect(asked).toBe(1);
});

test('a passphrase function that fails is not asked again for the same load', async () => {
  let asked = 0;
  write(second);
  writeFileSync(
    privateKey,
    second.key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' }),
  );
  const cause = new Error('the vault is sealed');
  const passphrase = (): never => {
    asked += 1;
    throw cause;
  };
  const error = await errorOf(fromPemFiles({ certificate, privateKey, passphrase }));
  expect(error).toMatchObject({ code: 'PASSPHRASE_REQUIRED', cause });
  expect(asked).toBe(1);
});

test('an expired certificate in the files is an error at once', async () => {
  write(first);
  now = new Date('2026-02-02T00:00:00Z');
  const error = await errorOf(provider());
  expect(error).toMatchObject({ code: 'CERTIFICATE_EXPIRED', message: expect.stringContaining(certificate) });
  expect(naps).toBe(0);
});

test('a missing file is named, with its path', async () => {
  const error = await errorOf(provider());
  expect(error).toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining(`${certificate} does not exist`),
  });
});

test('a directory is named as one', async () => {
  write(first);
  rmSync(privateKey);
  mkdirSync(privateKey);
  const error = await errorOf(provider());
  expect(error).toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining('is a directory'),
  });
});

test.each([[{}], [{ certificate: '' }], [{ certificate: 'x', privateKey: 1 }]])(
  'the options %j are refused at once',
  async (init) => {
    const make = (): unknown => fromPemFiles(untyped(init));
    expect((await errorOf(make)).code).toBe('INVALID_OPTION');
  },
);
