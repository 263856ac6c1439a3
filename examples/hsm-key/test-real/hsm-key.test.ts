import { beforeAll, expect } from '@jest/globals';
import { followGuide } from '../../../tools/test-support/follow-guide.js';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { compileExample } from '../../../tools/test-support/run-example.js';

beforeAll(async () => {
  if (realPart('REAL_HSM') !== undefined) await compileExample('hsm-key', ['identity-pkcs11']);
}, 180_000);

testWith('REAL_HSM')('uploads the file with the key that the guide makes in a token', async () => {
  const guide = 'docs/guides/key-in-an-hsm.md';
  expect(await followGuide({ guide, example: 'hsm-key', settings: 'PKCS11_MODULE=$module' })).toEqual({
    complaints: [],
    uploaded: '¡Hola!\n',
  });
});
