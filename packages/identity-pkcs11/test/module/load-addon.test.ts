import { describe, expect, test } from '@jest/globals';
import { addonError } from '../../src/module/load-addon.js';

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('the absence of the add-on', () => {
  test.each([
    [
      'ERR_MODULE_NOT_FOUND',
      "Cannot find package 'pkcs11js'",
      'the optional package `pkcs11js` is not installed',
    ],
    ['MODULE_NOT_FOUND', "Cannot find module 'pkcs11js'", 'the optional package `pkcs11js` is not installed'],
    [
      'MODULE_NOT_FOUND',
      "Cannot find module './build/Release/pkcs11.node'",
      'its native part was not compiled',
    ],
    ['ERR_DLOPEN_FAILED', 'wrong ELF class', 'cannot be loaded here; see the cause'],
  ])('%s (%s) is told in words, with the command that helps', (code, text, words) => {
    const cause = failure(code, text);
    const error = addonError(cause);
    expect(error).toMatchObject({ name: 'IdentityError', code: 'IDENTITY_UNAVAILABLE', cause });
    expect(error.message).toContain(words);
    expect(error.message).toContain('apt-get install build-essential python3');
    expect(error.message).toContain('npm install pkcs11js');
  });

  test('is told also when something else is thrown', () => {
    expect(addonError('boom').message).toContain('see the cause');
  });
});
