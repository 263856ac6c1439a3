import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { createEmulator, type Emulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import {
  fromPemFiles,
  fromRolesAnywhere,
  type RolesAnywhereCredentialProvider,
} from '@rolesanywhere/credential-provider';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { rejectionOf } from './support/options.js';
import { recordEvents } from './support/watched-provider.js';

const keyAlgorithm = { type: 'EC' } as const;
let authority: IssuedCertificate;
let generations: readonly IssuedCertificate[];
let folder: string;
let emulator: Emulator;
let recorded: ReturnType<typeof recordEvents>;

beforeAll(async () => {
  authority = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm });
  const numbers = [1n, 2n, 3n, 4n];
  const issue = (serialNumber: bigint): Promise<IssuedCertificate> =>
    issueCertificate({ subject: 'CN=server', issuer: authority, serialNumber, keyAlgorithm });
  generations = await Promise.all(numbers.map(issue));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotation-'));
  recorded = recordEvents();
});
afterEach(() => {
  recorded.close();
  rmSync(folder, { recursive: true, force: true });
});

function generation(number: number): IssuedCertificate {
  const issued = generations[number - 1];
  if (issued === undefined) throw new Error('There is no such generation.');
  return issued;
}

const paths = (): { certificate: string; privateKey: string } => ({
  certificate: join(folder, 'tls.crt'),
  privateKey: join(folder, 'tls.key'),
});

function writeCertificate(number: number): void {
  writeFileSync(paths().certificate, generation(number).certificatePem);
}

function writeKey(number: number): void {
  writeFileSync(paths().privateKey, generation(number).privateKeyPem);
}

function writePair(number: number): void {
  writeCertificate(number);
  writeKey(number);
}

function createProvider(): RolesAnywhereCredentialProvider {
  emulator = createEmulator({ region: 'eu-central-1' });
  const anchor = { name: 'ca', certificates: authority.certificatePem };
  const { trustAnchorArn } = emulator.createTrustAnchor(anchor);
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  return fromRolesAnywhere({
    trustAnchorArn,
    profileArn,
    roleArn,
    identity: fromPemFiles(paths()),
    clientConfig: { requestHandler: emulator.requestHandler },
  });
}

/** The generation of the certificate that a new session was bought with: its serial number is the session's name. */
async function generationOf(provider: RolesAnywhereCredentialProvider): Promise<number> {
  const { accessKeyId } = await provider({ forceRefresh: true });
  const arn = emulator.findSession(accessKeyId)?.assumedRoleArn ?? '';
  return Number.parseInt(arn.slice(arn.lastIndexOf('/') + 1), 16);
}

function keptEvents(): number {
  return recorded.events.filter(({ type }) => type === 'identityKept').length;
}

describe('files that are caught in the middle of a rotation', () => {
  test.each<[string, () => void]>([
    ['the certificate is new and the key is old', () => writeCertificate(2)],
    ['the key is new and the certificate is old', () => writeKey(2)],
    ['the key is missing', () => unlinkSync(paths().privateKey)],
    ['the certificate is missing', () => unlinkSync(paths().certificate)],
    ['both are missing', () => [paths().privateKey, paths().certificate].forEach((path) => unlinkSync(path))],
    ['the key is empty', () => writeFileSync(paths().privateKey, '')],
    ['the certificate is empty', () => writeFileSync(paths().certificate, '')],
    ['the certificate is half written', () => writeHalf('certificate')],
    ['the key is half written', () => writeHalf('privateKey')],
    [
      'certificate and key have changed places',
      () => {
        writeFileSync(paths().certificate, generation(2).privateKeyPem);
        writeFileSync(paths().privateKey, generation(2).certificatePem);
      },
    ],
  ])('cost no call; the old identity is used until they fit: %s', async (_, disturb) => {
    writePair(1);
    const provider = createProvider();
    expect(await generationOf(provider)).toBe(1);
    disturb();
    expect(await generationOf(provider)).toBe(1);
    expect(keptEvents()).toBe(1);
    writePair(2);
    expect(await generationOf(provider)).toBe(2);
    expect(keptEvents()).toBe(1);
  });

  test('are waited for when nothing was good before', async () => {
    writeCertificate(1);
    const provider = createProvider();
    const credentials = provider();
    setTimeout(() => writeKey(1), 50);
    expect(await credentials).toMatchObject({ accessKeyId: expect.any(String) });
  });

  test('are an error that names a file when nothing was good before', async () => {
    writeCertificate(1);
    writeKey(2);
    const error = await rejectionOf(createProvider()());
    expect(error).toMatchObject({ code: 'KEY_MISMATCH', message: expect.stringContaining(folder) });
  });
});

function writeHalf(which: 'certificate' | 'privateKey'): void {
  const { certificatePem, privateKeyPem } = generation(2);
  const text = which === 'certificate' ? certificatePem : privateKeyPem;
  writeFileSync(paths()[which], text.slice(0, text.length / 2));
}

test.each<[string, () => void]>([
  ['the certificate first', () => writePair(2)],
  [
    'the key first',
    () => {
      writeKey(2);
      writeCertificate(2);
    },
  ],
  [
    'by renaming new files over the old ones',
    () => {
      for (const [path, text] of [
        [paths().privateKey, generation(2).privateKeyPem],
        [paths().certificate, generation(2).certificatePem],
      ] as const) {
        writeFileSync(`${path}.new`, text);
        renameSync(`${path}.new`, path);
      }
    },
  ],
])('files that are replaced are taken at the next refresh: %s', async (_, replace) => {
  writePair(1);
  const provider = createProvider();
  expect(await generationOf(provider)).toBe(1);
  replace();
  expect(await generationOf(provider)).toBe(2);
  expect(keptEvents()).toBe(0);
});

describe('a volume as Kubernetes mounts it', () => {
  /** `tls.crt → ..data/tls.crt`, `..data → ..<n>`: one rename swaps both files. */
  function mount(number: number): void {
    const version = join(folder, `..${number}`);
    mkdirSync(version);
    writeFileSync(join(version, 'tls.crt'), generation(number).certificatePem);
    writeFileSync(join(version, 'tls.key'), generation(number).privateKeyPem);
    symlinkSync(`..${number}`, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  }

  test('is followed through its links', async () => {
    mount(1);
    symlinkSync('..data/tls.crt', paths().certificate);
    symlinkSync('..data/tls.key', paths().privateKey);
    const provider = createProvider();
    expect(await generationOf(provider)).toBe(1);
    mount(2);
    rmSync(join(folder, '..1'), { recursive: true });
    expect(await generationOf(provider)).toBe(2);
    expect(keptEvents()).toBe(0);
  });
});

describe('whatever is done to the files, in whatever order', () => {
  const step = record({
    file: constantFrom('certificate', 'privateKey'),
    generation: integer({ min: 1, max: 4 }),
    how: constantFrom('whole', 'whole', 'whole', 'half', 'empty', 'missing'),
  });

  function take(path: string, text: string, how: string): void {
    if (how === 'missing') rmSync(path, { force: true });
    else writeFileSync(path, { whole: text, half: text.slice(0, text.length / 2) }[how] ?? '');
  }

  test('no call fails, and each session is of the last pair that fitted', async () => {
    await assert(
      asyncProperty(array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        writePair(1);
        const provider = createProvider();
        let expected = await generationOf(provider);
        const lying = { certificate: 1, privateKey: 1 };
        for (const { file, generation: number, how } of steps) {
          const { certificatePem, privateKeyPem } = generation(number);
          take(paths()[file], file === 'certificate' ? certificatePem : privateKeyPem, how);
          lying[file] = how === 'whole' ? number : 0;
          if (lying.certificate === lying.privateKey && lying.certificate > 0) expected = lying.certificate;
          expect(await generationOf(provider)).toBe(expected);
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  test('no call fails while somebody goes on writing, and the pair that is left is taken', async () => {
    await assert(
      asyncProperty(array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        writePair(1);
        const provider = createProvider();
        await provider();
        const files = { written: false };
        const writer = (async () => {
          for (const { file, generation: number, how } of steps) {
            const { certificatePem, privateKeyPem } = generation(number);
            take(paths()[file], file === 'certificate' ? certificatePem : privateKeyPem, how);
            await new Promise((resolve) => {
              setTimeout(resolve, number);
            });
          }
          writePair(4);
          files.written = true;
        })();
        while (!files.written) expect(await generationOf(provider)).toBeGreaterThan(0);
        await writer;
        expect(await generationOf(provider)).toBe(4);
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});
