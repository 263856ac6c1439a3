import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IssuedCertificate } from '@rolesanywhere/pki';
import { pkcs12Provider } from '../src/from-pkcs12.js';
import { fromPkcs12 } from '../src/index.js';
import { type Hierarchy, createHierarchy, derOf, pkcs8Of } from './support/certificates.js';
import { codeOf, errorOf } from '../../../tools/test-support/error-of.js';
import { untyped } from './support/untyped.js';
import {
  certificateBag,
  encryptedKeyBag,
  keyBag,
  pbkdf2Aes256,
  pbmac1,
  pkcs12,
  plainSafe,
} from './support/write-pkcs12.js';

const PASSPHRASE = 'correct horse';
let folder: string;
let file: string;
let hierarchy: Hierarchy;
let first: IssuedCertificate;
let second: IssuedCertificate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'from-pkcs12-'));
  file = join(folder, 'server.p12');
  hierarchy = await createHierarchy();
  [first, second] = await Promise.all([hierarchy.leaf('CN=first'), hierarchy.leaf('CN=second')]);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(file, protectedFile(first)));

function protectedFile(issued: IssuedCertificate, passphrase = PASSPHRASE): Buffer {
  const key = encryptedKeyBag(pkcs8Of(issued), pbkdf2Aes256(passphrase));
  const safe = plainSafe(key, certificateBag(derOf(issued)), certificateBag(derOf(hierarchy.issuer)));
  return pkcs12([safe], pbmac1(passphrase, { keyLength: 32 }));
}

function bareFile(issued: IssuedCertificate): Buffer {
  return pkcs12([plainSafe(keyBag(pkcs8Of(issued)), certificateBag(derOf(issued)))]);
}

/** A provider whose pauses take no time and do something instead. */
function impatient(init: Parameters<typeof fromPkcs12>[0], onPause: (pause: number) => void = () => {}) {
  let now = new Date();
  const pauses: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    onPause(pauses.length);
  };
  const provider = pkcs12Provider(init, { clock: () => now, sleep });
  return { provider, pauses, setNow: (date: Date) => (now = date) };
}

describe('options', () => {
  test.each([
    ['neither file nor bytes', {}, 'exactly one of `file` and `data`'],
    ['both', { file: 'a', data: new Uint8Array() }, 'exactly one of `file` and `data`'],
    ['an empty path', { file: '' }, '`file` must be the path'],
    ['a path with a zero character', { file: 'a\0' }, '`file` must be the path'],
    ['a path that is a number', { file: untyped(3) }, '`file` must be the path'],
    ['bytes that are text', { data: untyped('MII') }, '`data` must be the bytes'],
    ['bytes beyond 1 MiB', { data: new Uint8Array(1024 * 1024 + 1) }, '1 MiB'],
    ['a passphrase that is a number', { file: 'a', passphrase: untyped(1234) }, '`passphrase` must be'],
  ])('%s is refused at once', async (_, init, words) => {
    const error = await errorOf(() => fromPkcs12(init));
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'INVALID_OPTION' });
    expect(error.message).toContain(words);
  });

  test('all problems are named at once', async () => {
    const { message } = await errorOf(() =>
      fromPkcs12({ file: '', data: untyped(''), passphrase: untyped(1) }),
    );
    expect(message.split('; ')).toHaveLength(4);
  });
});

describe('files', () => {
  test('one that does not exist is named', async () => {
    const error = await errorOf(impatient({ file: join(folder, 'none.p12') }).provider);
    expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    expect(error.message).toBe(
      `${join(folder, 'none.p12')} does not exist. Check the path; a relative one starts at the working directory.`,
    );
  });

  test('a directory is told from a file', async () => {
    mkdirSync(join(folder, 'directory'), { recursive: true });
    const { code, message } = await errorOf(impatient({ file: join(folder, 'directory') }).provider);
    expect([code, message]).toEqual(['IDENTITY_UNAVAILABLE', expect.stringContaining('is a directory')]);
  });

  test.each([
    ['a device', '/dev/zero', 'is no file'],
    ['what is below a file', '/dev/null/x.p12', 'cannot be read (ENOTDIR)'],
  ])('%s is told from a file', async (_, path, words) => {
    const { code, message } = await errorOf(impatient({ file: path }).provider);
    expect([code, message]).toEqual(['IDENTITY_UNAVAILABLE', expect.stringContaining(words)]);
  });

  test('a pipe into which nobody writes is told as such, and is not waited for again', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { provider, pauses } = impatient({ file: pipe });
    const { code, message } = await errorOf(provider);
    expect([code, message]).toEqual(['IDENTITY_UNAVAILABLE', expect.stringContaining('nobody writes')]);
    expect(pauses).toEqual([10, 10, 10, 10, 10]);
  });

  test('a pipe is read to its end, and the identity kept when nobody writes again', async () => {
    const pipe = join(folder, 'written');
    execFileSync('mkfifo', [pipe]);
    // Patient: this machine may take its time to start the writer.
    const timing = { clock: () => new Date(), sleep: () => pause(100) };
    const provider = pkcs12Provider({ file: pipe, passphrase: PASSPHRASE }, timing);
    const [identity] = await Promise.all([provider(), writeFile(pipe, protectedFile(first))]);
    expect(identity.certificate.subject).toBe('CN=first');
    expect((await provider()).keptBecause).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
  });

  test('one of more than 1 MiB is not read to its end', async () => {
    writeFileSync(join(folder, 'large'), Buffer.alloc(1024 * 1024 + 1));
    const { code, message } = await errorOf(impatient({ file: join(folder, 'large') }).provider);
    expect([code, message]).toEqual(['IDENTITY_UNAVAILABLE', expect.stringContaining('1 MiB')]);
  });

  test('one whose bytes have not changed is not opened again', async () => {
    const { provider } = impatient({ file, passphrase: PASSPHRASE });
    const identity = await provider();
    writeFileSync(file, protectedFile(first));
    expect(await provider()).toBe(identity);
  });

  test('calls at the same time share one load', async () => {
    const { provider } = impatient({ file, passphrase: PASSPHRASE });
    const [one, other] = await Promise.all([provider(), provider()]);
    expect(one).toBe(other);
  });

  test('a renewed one is taken up', async () => {
    const { provider, pauses } = impatient({ file, passphrase: PASSPHRASE });
    expect((await provider()).certificate.subject).toBe('CN=first');
    writeFileSync(file, protectedFile(second));
    expect((await provider()).certificate.subject).toBe('CN=second');
    expect(pauses).toEqual([]);
  });
});

describe('a file caught while it is being replaced', () => {
  test.each([
    ['cut off', (): void => writeFileSync(file, protectedFile(second).subarray(0, 500))],
    ['empty', (): void => writeFileSync(file, '')],
    ['missing', (): void => unlinkSync(file)],
  ])('%s: it is read again soon', async (_, damage) => {
    damage();
    const { provider, pauses } = impatient({ file, passphrase: PASSPHRASE }, (count) => {
      if (count === 2) writeFileSync(file, protectedFile(second));
    });
    expect((await provider()).certificate.subject).toBe('CN=second');
    expect(pauses).toEqual([15, 15]);
  });

  test('the last good identity is given as long as it is valid', async () => {
    const { provider, pauses, setNow } = impatient({ file, passphrase: PASSPHRASE });
    const identity = await provider();
    writeFileSync(file, protectedFile(second).subarray(0, 500));
    const { keptBecause, ...kept } = await provider();
    expect(kept).toEqual(identity);
    expect(keptBecause).toMatchObject({ code: 'PRIVATE_KEY_INVALID' });
    expect(pauses).toEqual([15, 15, 15]);
    setNow(new Date(identity.expiration.getTime() + 1));
    expect(await codeOf(provider)).toBe('PRIVATE_KEY_INVALID');
  });
});

test('a file that is broken is not decrypted again while its bytes are the same', async () => {
  writeFileSync(file, pkcs12([plainSafe(encryptedKeyBag(pkcs8Of(first), pbkdf2Aes256(PASSPHRASE)))]));
  let asked = 0;
  const passphrase = (): string => {
    asked += 1;
    return PASSPHRASE;
  };
  const { provider, pauses } = impatient({ file, passphrase });
  expect(await codeOf(provider)).toBe('CERTIFICATE_INVALID');
  expect([asked, pauses]).toEqual([1, [15, 15, 15]]);
});

describe('an expired certificate', () => {
  test('is named, and the file is not decrypted again for it', async () => {
    const asked: string[] = [];
    const passphrase = (): string => {
      asked.push('asked');
      return PASSPHRASE;
    };
    const { issueCertificate } = await import('@rolesanywhere/pki');
    const expired = await issueCertificate({
      subject: 'CN=expired',
      issuer: hierarchy.issuer,
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
      keyAlgorithm: { type: 'EC' },
    });
    const { provider } = impatient({ data: protectedFile(expired), passphrase });
    const { code, message } = await errorOf(provider);
    expect([code, message]).toEqual(['CERTIFICATE_EXPIRED', expect.stringContaining('in `data` (')]);
    expect(await codeOf(provider)).toBe('CERTIFICATE_EXPIRED');
    expect(asked).toEqual(['asked']);
  });
});

describe('the passphrase', () => {
  test('is asked for once, also after a renewal', async () => {
    const asked: number[] = [];
    const { provider } = impatient({ file, passphrase: async () => (asked.push(asked.length), PASSPHRASE) });
    await Promise.all([provider(), provider()]);
    writeFileSync(file, protectedFile(second));
    await provider();
    expect(asked).toEqual([0]);
  });

  test('is not asked for when nothing is protected', async () => {
    const passphrase = (): string => {
      throw new Error('asked');
    };
    expect(await codeOf(fromPkcs12({ data: bareFile(first), passphrase }))).toBe('ok');
  });

  test('when it is wrong, it is tried once, and asked for again at the next call', async () => {
    const answers = ['wrong', PASSPHRASE];
    const { provider, pauses } = impatient({ file, passphrase: () => answers.shift() ?? '' });
    const { code, message } = await errorOf(provider);
    expect([code, message]).toEqual(['PASSPHRASE_WRONG', expect.stringContaining(file)]);
    expect([pauses, answers]).toEqual([[], [PASSPHRASE]]);
    expect((await provider()).certificate.subject).toBe('CN=first');
  });

  test.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['comes empty from a function', (): string => ''],
  ])('when it %s, it is said that there must be one', async (_, passphrase) => {
    const { code, message } = await errorOf(fromPkcs12({ file, passphrase }));
    expect([code, message]).toEqual(['PASSPHRASE_REQUIRED', expect.stringContaining('Set `passphrase`')]);
  });

  test('a function that fails is the cause', async () => {
    const failure = new Error('the vault is sealed');
    const passphrase = (): never => {
      throw failure;
    };
    const error = await errorOf(fromPkcs12({ file, passphrase }));
    expect(error).toMatchObject({ code: 'PASSPHRASE_REQUIRED', cause: failure });
    expect(error.message).toContain(file);
  });

  test('a function that answers with something else is told so', async () => {
    expect(await codeOf(fromPkcs12({ file, passphrase: untyped(() => 7) }))).toBe('INVALID_OPTION');
  });
});
