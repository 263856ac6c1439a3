import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, type Emulator, type Verdict } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

/** An emulator on a port, with a trust anchor, a role and a profile, and files of an identity that it trusts. */
export interface Cloud {
  readonly emulator: Emulator;
  readonly url: string;
  /** Of every request, the latest last. */
  readonly verdicts: readonly Verdict[];
  /** Has a space in its path; holds the files below. */
  readonly folder: string;
  readonly files: CloudFiles;
  /** The flags that name role, profile and trust anchor. */
  readonly arns: readonly string[];
  /** The same, and the emulator as endpoint. */
  readonly place: readonly string[];
  stop(): Promise<void>;
}

interface CloudFiles {
  readonly certificate: string;
  readonly privateKey: string;
  readonly encryptedKey: string;
  /** Certificate and key in one file. */
  readonly combined: string;
  /** Of a leaf below an intermediate: leaf and intermediate in one file, and each alone. */
  readonly fullChain: string;
  readonly fullChainLeaf: string;
  readonly fullChainKey: string;
  readonly intermediates: string;
  /** From a CA that nobody trusts. */
  readonly foreignCertificate: string;
  readonly foreignKey: string;
}

export const PASSPHRASE = 'correct horse';

export async function startCloud(): Promise<Cloud> {
  const folder = mkdtempSync(join(tmpdir(), 'rolesanywhere cli '));
  const authority = await issueCertificateAuthority({
    subject: 'CN=Example CA',
    keyAlgorithm: { type: 'EC' },
  });
  const verdicts: Verdict[] = [];
  const emulator = createEmulator({ onVerdict: (verdict) => verdicts.push(verdict) });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'example',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({
    roleName: 'ExampleRole',
    trustPolicy,
    maximumSessionDurationSeconds: 43_200,
  });
  const { profileArn } = emulator.createProfile({
    name: 'example',
    roleArns: [roleArn],
    durationSeconds: 7200,
    acceptRoleSessionName: true,
  });
  const { url, close } = await emulator.listen();
  const arns = ['--trust-anchor-arn', trustAnchorArn, '--profile-arn', profileArn, '--role-arn', roleArn];
  return {
    emulator,
    url,
    verdicts,
    folder,
    files: await writeFiles(folder, authority),
    arns,
    place: [...arns, '--endpoint', url],
    stop: async () => {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function writeFiles(
  folder: string,
  authority: Awaited<ReturnType<typeof issueCertificateAuthority>>,
): Promise<CloudFiles> {
  const keyAlgorithm = { type: 'EC' } as const;
  const server = await issueCertificate({
    subject: 'CN=server',
    issuer: authority,
    serialNumber: 0x1234n,
    keyAlgorithm,
  });
  const between = await issueCertificateAuthority({ subject: 'CN=Between', issuer: authority, keyAlgorithm });
  const leaf = await issueCertificate({
    subject: 'CN=leaf',
    issuer: between,
    serialNumber: 0x77n,
    keyAlgorithm,
  });
  const stranger = await issueCertificateAuthority({ subject: 'CN=Stranger', keyAlgorithm });
  const foreign = await issueCertificate({ subject: 'CN=foreign', issuer: stranger, keyAlgorithm });
  const encrypted = server.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: PASSPHRASE,
  });
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  return {
    certificate: write('server.crt', server.certificatePem),
    privateKey: write('server.key', server.privateKeyPem),
    encryptedKey: write('server.encrypted.key', String(encrypted)),
    combined: write('server.pem', server.certificatePem + server.privateKeyPem),
    fullChain: write('fullchain.pem', leaf.certificatePem + between.certificatePem),
    fullChainLeaf: write('leaf.crt', leaf.certificatePem),
    fullChainKey: write('leaf.key', leaf.privateKeyPem),
    intermediates: write('between.crt', between.certificatePem),
    foreignCertificate: write('foreign.crt', foreign.certificatePem),
    foreignKey: write('foreign.key', foreign.privateKeyPem),
  };
}
