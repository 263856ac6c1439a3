import { expect, test } from '@jest/globals';
import {
  ConfigurationError,
  IdentityError,
  RolesAnywhereError,
  SigningError,
  isRolesAnywhereError,
} from '../src/index.js';

test('an error carries code, message, cause and name, and stops a chain of providers', () => {
  const cause = new Error('below');
  const error = new IdentityError({ code: 'CHAIN_INVALID', message: 'what', cause });
  expect(error).toMatchObject({
    name: 'IdentityError',
    code: 'CHAIN_INVALID',
    message: 'what',
    tryNextLink: false,
  });
  expect(error.cause).toBe(cause);
  expect(error).toBeInstanceOf(RolesAnywhereError);
});

test('an error without a cause has no cause property', () => {
  expect('cause' in new SigningError({ code: 'KEY_MISMATCH', message: 'x' })).toBe(false);
});

test('tryNextLink is what the thrower says', () => {
  const error = new ConfigurationError({ code: 'NOT_CONFIGURED', message: 'x', tryNextLink: true });
  expect(error.tryNextLink).toBe(true);
});

test('the JSON form leaves out the cause', () => {
  const error = new IdentityError({ code: 'PASSPHRASE_WRONG', message: 'x', cause: new Error('hunter2') });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'IdentityError',
    code: 'PASSPHRASE_WRONG',
    message: 'x',
  });
});

test('errors of another copy of the package are known by their brand', () => {
  const foreign = Object.defineProperty(new Error('x'), Symbol.for('@rolesanywhere/error'), { value: true });
  expect(isRolesAnywhereError(foreign)).toBe(true);
});

test.each([[undefined], [null], ['text'], [new Error('x')], [{ code: 'KEY_MISMATCH' }]])(
  '%p is not one of our errors',
  (value) => {
    expect(isRolesAnywhereError(value)).toBe(false);
  },
);
