import { expect, test } from '@jest/globals';
import { nearest } from '../src/did-you-mean.js';

const commands = ['credential-process', 'version', 'help'];

test.each([
  ['credentials-process', 'credential-process'],
  ['credential_process', 'credential-process'],
  ['cre', undefined],
  ['crede', 'credential-process'],
  ['verson', 'version'],
  ['hlp', 'help'],
  ['serve', undefined],
  ['', undefined],
])('%j stands for %j', (name, meant) => {
  expect(nearest(name, commands)).toBe(meant);
});

test('of several that begin alike none is guessed', () => {
  expect(nearest('--pro', ['--profile-arn', '--proxy-host'])).toBeUndefined();
});
