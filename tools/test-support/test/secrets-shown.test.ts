import { expect, test } from '@jest/globals';
import { secretsShown } from '../identity-contract/secrets-shown.js';

const SECRET = 'Tr0ub4dor-and-3';

test('a secret is found in the cause of an error, in a member and in a list', () => {
  const error = new Error('failed', { cause: new Error(`with ${SECRET}`) });
  expect(secretsShown(error, [SECRET])).toEqual([SECRET]);
  expect(secretsShown(Object.assign(new Error('failed'), { given: [SECRET] }), [SECRET])).toEqual([SECRET]);
  expect(secretsShown([['debug', { SECRET }]], [SECRET])).toEqual([SECRET]);
});

test('a secret is found in hexadecimal and in Base64', () => {
  const bytes = Buffer.from(SECRET);
  for (const form of ['hex', 'base64'] as const) {
    expect(secretsShown(new Error(bytes.toString(form)), [SECRET])).toEqual([bytes.toString(form)]);
    expect(secretsShown(new Error(bytes.toString(form)), [bytes])).toEqual([bytes.toString(form)]);
  }
});

test('nothing is found where nothing is', () => {
  expect(secretsShown(new Error('The passphrase is wrong.'), [SECRET, Buffer.from('key')])).toEqual([]);
});

test('an empty secret, which is found everywhere, is a mistake of the test', () => {
  expect(() => secretsShown('', [''])).toThrow('found everywhere');
});
