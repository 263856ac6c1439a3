import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import pkcs11js from 'pkcs11js';
import { testWith } from '../../../tools/test-support/real-parts.js';
import { returnValueOf } from '../src/errors/return-values.js';
import { fromPkcs11 } from '../src/index.js';

const test = testWith('REAL_HSM');

describe('a library that is no module', () => {
  test.each([
    ['a text', (folder: string) => join(folder, 'text.so'), 'invalid ELF header'],
    ['found nowhere', () => 'no-such-pkcs11-module.so', 'cannot open shared object file'],
    ['another library', () => 'libc.so.6', 'libc.so.6'],
  ])('because it is %s is named', async (_, moduleIn, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'module-'));
    writeFileSync(join(folder, 'text.so'), 'not a library'.repeat(100));
    const provider = fromPkcs11({ certificate: 'pkcs11:', module: moduleIn(folder) });
    const promise = provider();
    await expect(promise).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    await expect(promise).rejects.toThrow(/^The PKCS#11 module cannot be loaded: /);
    await expect(promise).rejects.toThrow(words);
    await provider.close();
    rmSync(folder, { recursive: true });
  });
});

describe('every return value', () => {
  test('that the add-on knows is named as it names it', () => {
    const known = Object.entries(pkcs11js)
      .filter(([name]) => name.startsWith('CKR_') && !['CKR_OK', 'CKR_VENDOR_DEFINED'].includes(name))
      .map(([name, code]) => [name, Number(code)] as const);
    expect(known.length).toBeGreaterThan(80);
    expect(known.map(([, code]) => returnValueOf(code).symbol)).toEqual(known.map(([name]) => name));
  });
});
