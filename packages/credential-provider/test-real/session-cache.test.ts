import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createEmulator, type Verdict } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { runCleanly, installAsStranger, testWith, type Run } from '../../../tools/test-support/real-parts.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

const program = `
import { fileSessionCache, fromPemFiles, fromRolesAnywhere } from '@rolesanywhere/credential-provider';
const { trustAnchorArn, profileArn, roleArn, ENDPOINT: endpoint, CACHE: directory, IDENTITY: folder } = process.env;
const identity = fromPemFiles({ certificate: folder + '/server.crt', privateKey: folder + '/server.key' });
const warn = (text) => console.log(text.replace(/^.*?: /, ''));
const logger = { debug() {}, info() {}, warn, error: warn };
const cache = fileSessionCache({ directory });
const credentials = fromRolesAnywhere({ trustAnchorArn, profileArn, roleArn, identity, cache, logger, clientConfig: { endpoint } });
console.log((await credentials()).accessKeyId);
`;

interface Service {
  readonly env: Readonly<Record<string, string>>;
  /** The next call is never answered. */
  blackHole(): void;
  /** Whether that call has come. */
  hasBlackHole(): boolean;
  close(): Promise<void>;
}

let verdicts: Verdict[];
let workshop: string;
let stranger: Awaited<ReturnType<typeof installAsStranger>> | undefined;
let service: Service;

beforeAll(async () => {
  workshop = mkdtempSync(join(tmpdir(), 'session-cache-'));
  if (process.env['REAL_TARBALLS'] !== undefined) {
    const files = { 'program.mjs': program };
    stranger = await installAsStranger(['signer', 'credential-provider'], { files });
  }
  service = await startService();
}, 300_000);

beforeEach(() => {
  verdicts = [];
});

afterAll(async () => {
  await service.close();
  stranger?.remove();
  rmSync(workshop, { recursive: true, force: true });
});

/** The emulator on a port, and a certificate that it accepts. */
async function startService(): Promise<Service> {
  const authority = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  const { certificatePem, privateKeyPem } = await issueCertificate({
    subject: 'CN=server-1',
    issuer: authority,
  });
  writeFileSync(join(workshop, 'server.crt'), certificatePem);
  writeFileSync(join(workshop, 'server.key'), privateKeyPem);
  const emulator = createEmulator({
    region: 'eu-central-1',
    onVerdict: (verdict) => void verdicts.push(verdict),
  });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'ca',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const { url: ENDPOINT, close } = await emulator.listen();
  return {
    env: { trustAnchorArn, profileArn, roleArn, ENDPOINT, IDENTITY: workshop },
    blackHole: () => emulator.faults.next({ type: 'blackHole' }),
    hasBlackHole: () => emulator.faults.waiting === 0,
    close,
  };
}

function run(directory: string): Promise<Run> {
  const env = { ...service.env, CACHE: directory };
  return runCleanly([process.execPath, 'program.mjs'], { cwd: stranger?.folder ?? '', env });
}

/** Of a process that got a session without a word of warning. */
const justASession = /^ASIA\w+\n$/;

testWith('REAL_TARBALLS')(
  '50 processes of the packed package that start at once make one call in all',
  async () => {
    const directory = join(workshop, 'fifty');
    const ended = await Promise.all(Array.from({ length: 50 }, () => run(directory)));
    expect(new Set(ended.map(({ stderr }) => stderr))).toEqual(new Set(['']));
    const said = new Set(ended.map(({ stdout }) => stdout));
    expect([...said]).toEqual([expect.stringMatching(justASession)]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['accepted']);
    expect(readdirSync(directory)).toHaveLength(1);
  },
  240_000,
);

testWith('REAL_TARBALLS')(
  'a holder that is killed with -9 holds up nobody',
  async () => {
    const directory = join(workshop, 'killed');
    service.blackHole();
    const hung = spawn(process.execPath, ['program.mjs'], {
      cwd: stranger?.folder,
      env: { PATH: process.env['PATH'] ?? '', ...service.env, CACHE: directory },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => hung.once('close', resolve));
    while (!service.hasBlackHole()) await new Promise((resolve) => setTimeout(resolve, 20));
    hung.kill('SIGKILL');
    await ended;
    expect(filesIn(directory)).toEqual([expect.stringMatching(/\.lock$/)]);
    const { stdout } = await run(directory);
    expect(stdout).toMatch(justASession);
    // Passed by, the lock would still be there.
    expect(filesIn(directory)).toEqual([expect.stringMatching(/\.json$/)]);
  },
  60_000,
);

describe('a disk', () => {
  const disk = mkdtempSync(join(tmpdir(), 'session-disk-'));
  const hasDisk = mount(disk, 'size=64k');
  const testWithDisk = hasDisk ? testWith('REAL_TARBALLS') : test.skip;
  afterAll(() => {
    if (hasDisk) execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  testWithDisk('that is full costs nobody a session, and what stands on it stays whole', async () => {
    const directory = join(disk, 'cache');
    const first = await run(directory);
    expect(first.stdout).toMatch(justASession);
    const before = filesIn(directory);
    fill(join(disk, 'ballast'));
    // What is there is read all the same.
    expect((await run(directory)).stdout).toBe(first.stdout);
    rmSync(join(directory, before[0] ?? ''));
    fill(join(disk, 'more-ballast'));
    const { stdout } = await run(directory);
    expect(stdout).toMatch(/^the session cache cannot be used: ENOSPC\nASIA\w+\n$/);
    expect(filesIn(directory)).toEqual([]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
  });

  testWithDisk('that may only be read costs nobody a session', async () => {
    const directory = join(disk, 'elsewhere');
    mkdirSync(directory, { mode: 0o700 });
    mount(disk, 'remount,ro');
    const { stdout } = await run(directory);
    expect(stdout).toMatch(/^the session cache cannot be used: EROFS\nASIA\w+\n$/);
  });
});

/** False where disks cannot be mounted. */
function mount(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'session-cache', folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

function fill(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096));
  } catch {
    // Full.
  }
}

function filesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
