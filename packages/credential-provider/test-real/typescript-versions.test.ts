import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { installAsStranger, realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';

/** What a stranger writes: the day-one example, each public package, and a mistake that must be found. */
const PROGRAM = `
import { S3Client } from '@aws-sdk/client-s3';
import {
  createSession, fromPem, fromPemFiles, fromRolesAnywhere, isRolesAnywhereError,
  type FromRolesAnywhereInit, type RolesAnywhereCredentialProvider, type Session,
} from '@rolesanywhere/credential-provider';
import { createSigningKey, signRequest, type X509Identity } from '@rolesanywhere/signer';
import { issueCertificateAuthority } from '@rolesanywhere/pki';
import { createEmulator } from '@rolesanywhere/emulator';

const arns = { trustAnchorArn: 'a', profileArn: 'b', roleArn: 'c' };
const init: FromRolesAnywhereInit = { ...arns, identity: fromPemFiles({ certificate: 'server.crt', privateKey: 'server.key' }) };
const credentials: RolesAnywhereCredentialProvider = fromRolesAnywhere(init);
export const s3 = new S3Client({ region: 'eu-central-1', credentials });
export const session: Promise<Session> = createSession(arns, { identity: fromPem({ certificate: '', privateKey: '' }) });
// @ts-expect-error an ARN is text
fromRolesAnywhere({ trustAnchorArn: 1 });
export { createEmulator, createSigningKey, isRolesAnywhereError, issueCertificateAuthority, signRequest };
export type { X509Identity };
`;

const FILES = { 'program.ts': PROGRAM, 'program.mts': PROGRAM, 'program.cts': PROGRAM };
const STRICT =
  '--noEmit --strict --exactOptionalPropertyTypes --target es2022 --lib es2022 --types node'.split(' ');

interface Resolution {
  readonly flags: readonly string[];
  readonly files: readonly string[];
}
const RESOLUTIONS = {
  nodenext: { flags: ['--module', 'nodenext'], files: ['program.mts', 'program.cts'] },
  node16: { flags: ['--module', 'node16'], files: ['program.mts', 'program.cts'] },
  bundler: { flags: ['--module', 'esnext', '--moduleResolution', 'bundler'], files: ['program.ts'] },
  node10: { flags: ['--module', 'commonjs', '--moduleResolution', 'node10'], files: ['program.ts'] },
} as const satisfies Record<string, Resolution>;

const COMPILERS = [
  { name: 'TypeScript 5.4', folder: 'ts54', resolutions: ['nodenext', 'node16', 'bundler', 'node10'] },
  { name: 'TypeScript 5.9', folder: 'ts59', resolutions: ['nodenext', 'node16', 'bundler', 'node10'] },
  { name: 'TypeScript 6.0', folder: 'ts60', resolutions: ['nodenext', 'node16', 'bundler', 'node10'] },
  { name: 'TypeScript 7.0', folder: 'ts70', resolutions: ['nodenext', 'node16', 'bundler'] },
] as const;

describe('the packed packages, beside the newest AWS SDK', () => {
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  beforeAll(async () => {
    stranger = await installAsStranger(['signer', 'credential-provider', 'pki', 'emulator'], {
      files: FILES,
      dependencies: { '@aws-sdk/client-s3': 'latest', '@types/node': '^20' },
    });
  }, 300_000);
  afterAll(() => stranger.remove());

  for (const { name, folder, resolutions } of COMPILERS) {
    const compiler = join(realPart('REAL_TYPESCRIPTS') ?? '', 'node_modules', folder, 'bin', 'tsc');
    for (const resolution of resolutions) {
      testWith('REAL_TYPESCRIPTS')(
        `have types, all of them checked, for ${name} with ${resolution} resolution`,
        async () => {
          const { flags, files } = RESOLUTIONS[resolution];
          // Version 6 wants to be told that its user knows what version 7 has dropped.
          const silence = folder === 'ts60' && resolution === 'node10' ? ['--ignoreDeprecations', '6.0'] : [];
          const command = [process.execPath, compiler, ...STRICT, ...flags, ...silence, ...files] as const;
          const run = await runCleanly(command, { cwd: stranger.folder });
          expect(run).toMatchObject({ exitCode: 0, stdout: '' });
        },
        120_000,
      );
    }
  }
});
