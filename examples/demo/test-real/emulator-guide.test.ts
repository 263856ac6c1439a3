/** The tests that `docs/guides/test-with-the-emulator.md` shows, in a user's Jest with the packed packages. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { blocksOf } from '../../../tools/check-docs/documents.js';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { readDocument } from '../../../tools/test-support/run-document.js';
import { SESSION_PACKAGES } from '../../../tools/test-support/session-script.js';

/** As the guide says that the tests begin. */
const IMPORTS = `import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { startRolesAnywhere } from './roles-anywhere';
`;

const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));

testWith('REAL_JEST')(
  'the tests of the guide pass as they stand there',
  async () => {
    const files = await asCommonJs(filesOfTheGuide());
    const stranger = await installAsStranger(SESSION_PACKAGES, { files });
    try {
      const jest = join(realPart('REAL_JEST') ?? '', 'node_modules', 'jest', 'bin', 'jest.js');
      const cwd = stranger.folder;
      const run = await runCleanly([process.execPath, jest, '--rootDir', cwd], { cwd });
      expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('5 passed, 5 total') });
    } finally {
      stranger.remove();
    }
  },
  300_000,
);

/** The setting in the first block, and a file for each block that holds a test. */
function filesOfTheGuide(): Readonly<Record<string, string>> {
  const [setting, ...others] = blocksOf(readDocument('docs/guides/test-with-the-emulator.md')).filter(
    ({ language }) => language === 'ts',
  );
  const tests = others
    .filter(({ code }) => /^test\(/m.test(code))
    .map(({ code, line }) => [`line-${line}.test.ts`, `${IMPORTS}${code}`] as const);
  return { 'roles-anywhere.ts': setting?.code ?? '', ...Object.fromEntries(tests) };
}

/** Without its types, which `tools/check-docs.js` checks. */
async function asCommonJs(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  try {
    for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code);
    const options = [
      '--noCheck',
      '--noResolve',
      '--module',
      'commonjs',
      '--target',
      'es2022',
      '--outDir',
      'out',
    ];
    const run = await runCleanly([process.execPath, compiler, ...Object.keys(files), ...options], {
      cwd: folder,
    });
    if (run.exitCode !== 0) throw new Error(run.stdout);
    const out = join(folder, 'out');
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
