import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';

const PROGRAM = `
import { createPassphraseSource } from '@rolesanywhere/signer';
const words = { option: 'passphrase', need: 'The private key is encrypted' };
const told = async (passphrase) => {
  try {
    return await createPassphraseSource(passphrase, words).ask();
  } catch ({ code, message }) {
    return code + ': ' + message;
  }
};
console.log(JSON.stringify([await told({ environment: 'SECRET' }), await told({ file: 'secret.txt' })]));
`;

let stranger: Awaited<ReturnType<typeof installAsStranger>>;
beforeAll(async () => {
  const files = { 'ask.mjs': PROGRAM, 'secret.txt': 'hunter2\n' };
  stranger = await installAsStranger(['signer'], { files });
}, 300_000);
afterAll(() => stranger.remove());

async function askInDeno(...permissions: readonly string[]): Promise<readonly string[]> {
  const deno = join(realPart('REAL_RUNTIMES') ?? '', 'deno');
  const options = { cwd: stranger.folder, env: { SECRET: 'from the environment' } };
  const run = await runCleanly([deno, 'run', '--no-prompt', ...permissions, 'ask.mjs'], options);
  return JSON.parse(run.stdout || JSON.stringify(run)) as readonly string[];
}

testWith('REAL_RUNTIMES')('Deno gives a file and a variable that it allows', async () => {
  const allowed = ['--allow-read=.', '--allow-env=SECRET'];
  expect(await askInDeno(...allowed)).toEqual(['from the environment', 'hunter2']);
});

testWith('REAL_RUNTIMES')('what Deno does not allow is told by an error of ours', async () => {
  const [variable, file] = await askInDeno('--allow-read=node_modules,package.json,ask.mjs');
  expect(variable).toBe(
    'PASSPHRASE_REQUIRED: The private key is encrypted, and the environment variable given as `passphrase`, SECRET, may not be read by this program. Allow it: --allow-env=SECRET.',
  );
  expect(file).toMatch(/^PASSPHRASE_REQUIRED: .* secret\.txt, may not be read by this user/);
});
