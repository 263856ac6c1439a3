import { beforeAll, expect } from '@jest/globals';
import { followGuide } from '../../../tools/test-support/follow-guide.js';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { compileExample } from '../../../tools/test-support/run-example.js';

beforeAll(async () => {
  if (realPart('REAL_TPM') !== undefined) await compileExample('tpm-key', ['identity-tpm']);
}, 180_000);

testWith('REAL_TPM')('uploads the file with the key that the guide makes in a TPM', async () => {
  const settings = 'TPM_DEVICE=unix:$PWD/tpm.sock TPM_KEY_PASSWORD=secret';
  expect(await followGuide({ guide: 'docs/guides/key-in-a-tpm.md', example: 'tpm-key', settings })).toEqual({
    complaints: [],
    uploaded: '¡Hola!\n',
  });
});
