import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { type Passphrase, createPassphraseSource, fromPem, fromPemFiles } from '../../src/index.js';
import { findPassphraseProblem } from '../../src/identity/passphrase-problem.js';
import { errorOf } from '../../../../tools/test-support/error-of.js';
import { issue } from '../support/issue.js';
import { loadSigner } from '../support/load-signer.js';
import { untyped } from '../support/untyped.js';

const VARIABLE = 'ROLESANYWHERE_TEST_PASSPHRASE';
const folder = mkdtempSync(join(tmpdir(), 'signer-passphrase-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  delete process.env[VARIABLE];
});

const words = { option: 'passphrase', need: 'The private key is encrypted' };
const source = (passphrase: Passphrase | undefined) => createPassphraseSource(passphrase, words);

function file(name: string, content: string | Uint8Array): { file: string } {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { file: path };
}

test('is none when none is given, and the text that is given', async () => {
  expect(await source(undefined).ask()).toBeUndefined();
  expect(await source('').ask()).toBe('');
  expect(await source(' hunter2\n').ask()).toBe(' hunter2\n');
});

describe('from a file', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['without a line end', 'hunter2', 'hunter2'],
    ['with one', 'hunter2\n', 'hunter2'],
    ['with that of Windows', 'hunter2\r\n', 'hunter2'],
    ['with two, of which one is meant', 'hunter2\n\n', 'hunter2\n'],
    ['with blanks', ' hunter 2 \n', ' hunter 2 '],
    ['beyond ASCII', 'pässwörd 🔑\n', 'pässwörd 🔑'],
    ['with the mark that Notepad writes', '\ufeffhunter2\r\n', 'hunter2'],
    ['in the UTF-16 of PowerShell', Buffer.from('\ufeffhunter2\r\n', 'utf16le'), 'hunter2'],
    ['of 4096 bytes', 'x'.repeat(4096), 'x'.repeat(4096)],
  ])('%s', async (_, content, text) => {
    expect(await source(file('text', content)).ask()).toBe(text);
  });

  test.each<[string, string | Uint8Array | undefined, string]>([
    [
      'not there',
      undefined,
      'does not exist. Check the path; a relative one starts at the working directory.',
    ],
    ['empty', '', 'is empty. Write it there.'],
    ['only a line end', '\n', 'is empty. Write it there.'],
    ['too large', 'x'.repeat(4097), 'has more than 4096 bytes. Check the path.'],
    ['no text', Buffer.from([0x68, 0xff, 0x80]), 'is not a text of UTF-8 or UTF-16. Check the path.'],
  ])('that is %s, is named', async (name, content, says) => {
    const given = content === undefined ? { file: join(folder, name) } : file(name, content);
    const error = await errorOf(() => source(given).ask());
    const named = `${words.need}, and the file given as \`passphrase\`, ${given.file}, ${says}`;
    expect([error.code, error.message]).toEqual(['PASSPHRASE_REQUIRED', named]);
  });

  test('that is a directory, or has no end, is named', async () => {
    const directory = await errorOf(() => source({ file: folder }).ask());
    expect(directory.message).toMatch(/is a directory\. Give the path of a file\.$/);
    const endless = await errorOf(() => source({ file: '/dev/zero' }).ask());
    expect(endless.message).toMatch(/has more than 4096 bytes\. Check the path\.$/);
  });

  test('that is a pipe, is read to its end', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const writer = spawn('sh', ['-c', `echo hunter2 > ${path}`]);
    expect(await source({ file: path }).ask()).toBe('hunter2');
    writer.kill();
  });

  test('is read at each question, so that a corrected one needs no restart', async () => {
    const { ask } = source(file('changing', 'old'));
    expect(await ask()).toBe('old');
    file('changing', 'new');
    expect(await ask()).toBe('new');
  });
});

describe('from the environment', () => {
  const given = { environment: VARIABLE };

  test('as it is, read at each question', async () => {
    const { ask } = source(given);
    process.env[VARIABLE] = ' hunter2\n';
    expect(await ask()).toBe(' hunter2\n');
    process.env[VARIABLE] = 'another';
    expect(await ask()).toBe('another');
  });

  test.each([
    ['is not set', undefined, 'is not set. Set it, or correct its name.'],
    ['is empty', '', 'is empty. Write it there.'],
  ])('when the variable %s, it is named', async (_, value, says) => {
    if (value !== undefined) process.env[VARIABLE] = value;
    const error = await errorOf(() => source(given).ask());
    const named = `${words.need}, and the environment variable given as \`passphrase\`, ${VARIABLE}, ${says}`;
    expect([error.code, error.message]).toEqual(['PASSPHRASE_REQUIRED', named]);
  });
});

describe('from a function', () => {
  test('asked once, by all callers together, until the answer is forgotten', async () => {
    let asked = 0;
    const { ask, forget } = source(async () => `answer ${(asked += 1)}`);
    expect(await Promise.all([ask(), ask()])).toEqual(['answer 1', 'answer 1']);
    expect(await ask()).toBe('answer 1');
    forget();
    expect(await ask()).toBe('answer 2');
  });

  test('asked again after it failed, whose failure is the cause', async () => {
    const vault = new Error('vault is sealed');
    const answers = [() => Promise.reject(vault), () => 'hunter2'];
    const { ask } = source(() => answers.shift()?.() ?? '');
    const error = await errorOf(ask);
    expect(error).toMatchObject({ code: 'PASSPHRASE_REQUIRED', cause: vault });
    expect(error.message).toBe(
      `${words.need}, and the function given as \`passphrase\` failed; see the cause.`,
    );
    expect(await ask()).toBe('hunter2');
  });

  test('an answer that is no text is refused', async () => {
    const error = await errorOf(source(untyped(() => 1)).ask);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining('`passphrase`') });
  });
});

test.each([
  [5],
  [null],
  [[]],
  [{}],
  [Buffer.from('hunter2')],
  [{ file: '' }],
  [{ file: 'a\0b' }],
  [{ file: 5 }],
  [{ environment: '' }],
  [{ file: 'a', environment: 'B' }],
])('the form %j is refused at once, with the name of the option', async (given) => {
  expect(findPassphraseProblem(given, 'pin')).toMatch(/^`pin` must be a string, .*[^.]$/);
  const passphrase: Passphrase = untyped(given);
  for (const create of [
    () => source(passphrase),
    () => fromPem({ certificate: 'x', passphrase }),
    () => fromPemFiles({ certificate: 'x', passphrase }),
  ]) {
    const error = await errorOf(create);
    expect([error.code, error.message]).toEqual(['INVALID_OPTION', expect.stringContaining('`passphrase`')]);
  }
});

test.each([
  ['text'],
  [() => 'x'],
  [undefined],
  [{ file: 'a', environment: undefined }],
  [{ environment: 'A' }],
])('the form %j is right', (given) => {
  expect(findPassphraseProblem(given, 'pin')).toBeUndefined();
});

describe('an encrypted key', () => {
  const { pem, key } = issue({ subject: 'leaf' });
  const privateKey = key
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
    .toString();

  test('opens by a file and by a variable', async () => {
    process.env[VARIABLE] = 'hunter2';
    for (const passphrase of [file('right', 'hunter2\n'), { environment: VARIABLE }])
      expect((await fromPem({ certificate: pem, privateKey, passphrase })()).certificate.subject).toBe(
        'CN=leaf',
      );
  });

  test('opens after the file was corrected, by the same provider', async () => {
    const paths = { certificate: file('c.pem', pem).file, privateKey: file('k.pem', privateKey).file };
    const provider = fromPemFiles({ ...paths, passphrase: file('corrected', 'wr0ng-one') });
    const error = await errorOf(provider);
    expect([error.code, JSON.stringify(error).includes('wr0ng-one')]).toEqual(['PASSPHRASE_WRONG', false]);
    file('corrected', 'hunter2');
    expect((await provider()).certificate.subject).toBe('CN=leaf');
  });

  test.each([[{ environment: VARIABLE }, 'there are no environment variables on this platform']])(
    'where there is no environment, %j is refused with what to do',
    async (passphrase, says) => {
      const { signer } = await loadSigner('web');
      const error = await errorOf(signer.fromPem({ certificate: pem, privateKey, passphrase }));
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toContain(says);
      expect(error.message).toContain('Give the text, or a function that answers with it.');
    },
  );
});
