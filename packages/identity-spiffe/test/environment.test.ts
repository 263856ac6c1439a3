import { expect, test } from '@jest/globals';
import { readEnvironment } from '../src/environment.js';

test('an empty variable counts as not set', () => {
  process.env['SPIFFE_TEST'] = '';
  expect(readEnvironment('SPIFFE_TEST')).toBeUndefined();
  process.env['SPIFFE_TEST'] = 'x';
  expect(readEnvironment('SPIFFE_TEST')).toBe('x');
  delete process.env['SPIFFE_TEST'];
});
