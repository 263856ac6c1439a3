import { describe, expect, test } from '@jest/globals';
import { IdentityError, SigningError } from '@rolesanywhere/signer';
import { CKR, CryptokiError } from '../../src/errors/cryptoki-error.js';
import { identityErrorOf, signingErrorOf } from '../../src/errors/pkcs11-identity-error.js';
import { returnValueOf } from '../../src/errors/return-values.js';

describe('a return value', () => {
  test.each(Object.entries(CKR))('%s is named, with what it means and what to do', (name, code) => {
    const { symbol, meaning, advice } = returnValueOf(code);
    expect(symbol).toBe(`CKR_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`);
    expect(meaning).toMatch(/^[a-z].*[a-z]$/);
    expect(advice).toMatch(/^[A-Z`].*[.]$/);
  });

  test('of a vendor, or of nobody, is shown by its number', () => {
    expect(new CryptokiError('C_Sign', 0x8000_0042).message).toContain('CKR_VENDOR_DEFINED (0x80000042)');
    expect(new CryptokiError('C_Sign', 0x7777).message).toContain('CKR_UNKNOWN (0x7777)');
  });
});

describe('an error of a module', () => {
  test.each([
    [CKR.pinIncorrect, 'PASSPHRASE_WRONG'],
    [CKR.pinLenRange, 'PASSPHRASE_WRONG'],
    [0xa4, 'IDENTITY_UNAVAILABLE'],
    [0x102, 'IDENTITY_UNAVAILABLE'],
    [CKR.userNotLoggedIn, 'PASSPHRASE_REQUIRED'],
    [CKR.mechanismInvalid, 'KEY_UNSUPPORTED'],
    [CKR.keyFunctionNotPermitted, 'KEY_UNSUPPORTED'],
    [CKR.deviceRemoved, 'IDENTITY_UNAVAILABLE'],
  ])('0x%x becomes an IdentityError', (number, code) => {
    const error = identityErrorOf(new CryptokiError('C_Login', number), 'pkcs11:token=a');
    expect(error).toMatchObject({ name: 'IdentityError', code });
    expect(error.message).toMatch(/^pkcs11:token=a: C_Login answered CKR_[A-Z_]+ \(0x/);
  });

  test('becomes SIGNING_FAILED when the key was asked, with the same words', () => {
    const cause = new CryptokiError('C_Sign', CKR.deviceRemoved);
    const error = signingErrorOf(cause, 'pkcs11:token=a');
    expect(error).toMatchObject({ name: 'SigningError', code: 'SIGNING_FAILED', cause });
    expect(error.message).toContain('CKR_DEVICE_REMOVED (0x32): the token was removed');
  });

  test('of this project passes as it is', () => {
    const identityError = new IdentityError({ code: 'PASSPHRASE_REQUIRED', message: 'x' });
    const signingError = new SigningError({ code: 'KEY_MISMATCH', message: 'x' });
    expect(identityErrorOf(identityError, 'place')).toBe(identityError);
    expect(signingErrorOf(signingError, 'place')).toBe(signingError);
  });

  test('of nobody keeps its cause', () => {
    const cause = new Error('boom');
    expect(identityErrorOf(cause, 'place')).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', cause });
  });
});
