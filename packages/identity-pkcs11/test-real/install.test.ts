import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect } from '@jest/globals';
import { type Run, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { MODULE } from './support/soft-token.js';

const test = testWith('REAL_TARBALLS');
const testWithHsm = realPart('REAL_HSM') === undefined ? testWith('REAL_HSM') : test;

/** What npm needs to unpack packages: no compiler, no make, no Python. */
const PROGRAMS = ['node', 'npm', 'env', 'sh', 'uname'];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'install-'));
  folders.push(folder);
  return folder;
}

/** A search path on which there is nothing to compile with. */
function pathWithoutCompiler(): string {
  const bin = join(makeFolder(), 'bin');
  mkdirSync(bin);
  for (const program of PROGRAMS) {
    const found = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    symlinkSync(found, join(bin, program));
  }
  return bin;
}

/** Installs our packages as they are published, and asks for an identity in both module formats. */
async function installAndAsk(
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  const folder = makeFolder();
  const tarballs = realPart('REAL_TARBALLS') ?? '';
  const dependencies = ['signer', 'identity-pkcs11'].map((name) => {
    const file = readdirSync(tarballs).find((tarball) => tarball.startsWith(`rolesanywhere-${name}-`)) ?? '';
    cpSync(join(tarballs, file), join(folder, file));
    return [`@rolesanywhere/${name}`, `file:./${file}`] as const;
  });
  const manifest = { private: true, dependencies: Object.fromEntries(dependencies) };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const install = ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...options] as const;
  expect(await runCleanly(install, { cwd: folder, env })).toMatchObject({ exitCode: 0 });
  const ask = `
    const ask = (format, { fromPkcs11 }) => fromPkcs11({ certificate: 'pkcs11:token=none', module: '${MODULE}' })()
      .catch((error) => console.log(format, error.code, error.message));
    ask('CommonJS', require('@rolesanywhere/identity-pkcs11'))
      .then(() => import('@rolesanywhere/identity-pkcs11')).then((door) => ask('ESM', door));`;
  return runCleanly(['node', '-e', ask], { cwd: folder, env });
}

describe('on a machine without a compiler', () => {
  testWithHsm(
    'the package installs, and says how to get the add-on when it is needed',
    async () => {
      const { exitCode, stdout } = await installAndAsk([], { PATH: pathWithoutCompiler() });
      expect(exitCode).toBe(0);
      for (const format of ['CommonJS', 'ESM']) {
        expect(stdout).toContain(
          `${format} IDENTITY_UNAVAILABLE PKCS#11 needs a native add-on, and the optional package`,
        );
        expect(stdout).toContain('`pkcs11js` is not installed. It is compiled when it is installed');
      }
    },
    240_000,
  );

  testWithHsm(
    'and when scripts are not run, it says that the add-on was not compiled',
    async () => {
      const { stdout } = await installAndAsk(['--ignore-scripts'], {});
      for (const format of ['CommonJS', 'ESM'])
        expect(stdout).toContain(
          `${format} IDENTITY_UNAVAILABLE PKCS#11 needs a native add-on, and the package \`pkcs11js\` is there, but its native part was not compiled`,
        );
    },
    240_000,
  );
});

describe('on a machine with a compiler', () => {
  testWithHsm(
    'the add-on is compiled when the package is installed, and finds the module',
    async () => {
      const softHsm = { SOFTHSM2_CONF: process.env['SOFTHSM2_CONF'] ?? '' };
      const { stdout } = await installAndAsk([], softHsm);
      for (const format of ['CommonJS', 'ESM'])
        expect(stdout).toContain(`${format} IDENTITY_UNAVAILABLE pkcs11:token=none: no token matches`);
    },
    240_000,
  );
});
