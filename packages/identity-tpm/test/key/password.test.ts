import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createPassword } from '../../src/key/password.js';

const folder = mkdtempSync(join(tmpdir(), 'tpm-password-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'password');
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

test('a file is read once, and again after the TPM refused what was in it', async () => {
  writeFileSync(path, 'wrong\n');
  const password = createPassword({ file: path }, 'password');
  expect(text(await password.ask('key'))).toBe('wrong');
  writeFileSync(path, 'right\n');
  expect(text(await password.ask('key'))).toBe('wrong');
  password.refuse('key');
  expect(text(await password.ask('key'))).toBe('right');
});

test('what is still in the file is not tried a second time', async () => {
  writeFileSync(path, 'wrong');
  const password = createPassword({ file: path }, 'password');
  await password.ask('key');
  password.refuse('key');
  for (const _ of ['second', 'third'])
    await expect(password.ask('key')).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  expect(text(await password.ask('another key'))).toBe('wrong');
});

test('a function is asked again only after its answer was refused', async () => {
  let asked = 0;
  const password = createPassword(async () => `answer ${(asked += 1)}`, 'password');
  expect([text(await password.ask('key')), text(await password.ask('key'))]).toEqual([
    'answer 1',
    'answer 1',
  ]);
  password.refuse('key');
  expect(text(await password.ask('key'))).toBe('answer 2');
});

test('a variable that is not set is named with the option', async () => {
  const password = createPassword({ environment: 'ROLESANYWHERE_TEST_NONE' }, 'parentPassword');
  await expect(password.ask('key')).rejects.toMatchObject({
    code: 'PASSPHRASE_REQUIRED',
    message:
      'The key in the TPM needs a password, and the environment variable given as `parentPassword`, ROLESANYWHERE_TEST_NONE, is not set. Set it, or correct its name.',
  });
});
