import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fromPkcs11 } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'pkcs11-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PIN = '5ecret-pin';

describe('a module that cannot be loaded', () => {
  test.each([
    ['does not exist', join(folder, 'none.so'), 'does not exist'],
    ['is a folder', folder, 'is not a file'],
  ])('because it %s is named', async (_, module, words) => {
    const provider = fromPkcs11({ certificate: 'pkcs11:token=a', pin: PIN, module });
    const error: unknown = await provider().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'IdentityError', code: 'IDENTITY_UNAVAILABLE' });
    expect(String(error)).toContain('The PKCS#11 module cannot be loaded');
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain(PIN);
    await provider.close();
  });
});

describe('an identity', () => {
  test('names the file of the certificate that is not there, before it loads a module', async () => {
    const certificate = join(folder, 'none.crt');
    const provider = fromPkcs11({ certificate, privateKey: 'pkcs11:', module: join(folder, 'none.so') });
    await expect(provider()).rejects.toThrow(`${certificate} does not exist`);
  });

  test('names the file of the chain that is a folder', async () => {
    const provider = fromPkcs11({ certificate: 'pkcs11:', chain: folder, module: join(folder, 'none.so') });
    await expect(provider()).rejects.toThrow(`${folder} is not a file`);
  });

  test('that was closed says so, whether it was used before or not', async () => {
    const provider = fromPkcs11({ certificate: 'pkcs11:token=a', module: join(folder, 'none.so') });
    await provider.close();
    await provider.close();
    const error = {
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringContaining('pkcs11:token=a was closed'),
    };
    await expect(provider()).rejects.toMatchObject(error);
  });

  test('asks for no PIN before there is a token', async () => {
    let asked = 0;
    const pin = (): string => {
      asked += 1;
      return PIN;
    };
    const provider = fromPkcs11({ certificate: 'pkcs11:', pin, module: join(folder, 'none.so') });
    await expect(provider()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    expect(asked).toBe(0);
  });
});
