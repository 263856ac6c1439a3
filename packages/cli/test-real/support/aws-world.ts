import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Emulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { runCleanly } from '../../../../tools/test-support/real-parts.js';
import { trustPolicy } from '../../../../tools/test-support/trust-policy.js';

/** Who the clients of an {@link AwsWorld} are. */
export const CALLER_ARN = 'arn:aws:sts::111122223333:assumed-role/ExampleRole/0123';

/** Environment variables of a client. */
export type ClientEnvironment = Readonly<Record<string, string>>;

/** The emulator, STS and S3 on ports, and a folder with a certificate and a `config` that names our command. */
export interface AwsWorld {
  /** Where clients run, removed by `close`. */
  readonly folder: string;
  /** With the `credential_process` line and nothing else to get credentials from. */
  readonly byProfile: ClientEnvironment;
  /**
   * With what our command put out, in `AWS_ACCESS_KEY_ID` and so on, and no profile.
   *
   * @param age how long ago the session was given out, in seconds; it lives for 900. Default 0.
   */
  readonly byCredentials: (age?: number) => Promise<ClientEnvironment>;
  readonly close: () => Promise<void>;
}

const COMMAND = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const REGION = 'eu-central-1';

/** Starts an {@link AwsWorld}. */
export async function startAwsWorld(): Promise<AwsWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'real-aws-'));
  mkdirSync(join(folder, 'home'));
  let secondsBehind = 0;
  const emulator = createEmulator({
    region: REGION,
    clock: () => new Date(Date.now() - secondsBehind * 1000),
    // The command signs by the clock of this machine, also when the emulator's is behind.
    clockToleranceSeconds: 7200,
  });
  const rolesAnywhere = await emulator.listen();
  const standIn = createAwsStandIn({ region: REGION, findSession: emulator.findSession });
  const aws = await standIn.listen();
  const command = await prepareCommand(folder, emulator, rolesAnywhere.url);
  const line = command.map((part) => `"${part}"`).join(' ');
  writeFileSync(join(folder, 'config'), `[profile mi-servidor]\ncredential_process = ${line}\n`);
  const shared = {
    HOME: join(folder, 'home'),
    // Names of files are in UTF-8, whatever the machine says.
    LC_ALL: 'C.UTF-8',
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: aws.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return {
    folder,
    byProfile: { ...shared, AWS_PROFILE: 'mi-servidor' },
    byCredentials: async (age = 0) => {
      secondsBehind = age;
      const credentials = await runForCredentials(command).finally(() => (secondsBehind = 0));
      return { ...shared, ...credentials };
    },
    close: async () => {
      await Promise.all([rolesAnywhere.close(), aws.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Command = readonly [program: string, ...args: string[]];

/** Registers a trust anchor, a role and a profile, and writes a certificate of that trust anchor. */
async function prepareCommand(folder: string, emulator: Emulator, endpoint: string): Promise<Command> {
  const validity = { notBefore: new Date(Date.now() - 86_400_000), keyAlgorithm: { type: 'EC' } } as const;
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', ...validity });
  const server = await issueCertificate({ subject: 'CN=server', issuer, serialNumber: 0x123n, ...validity });
  const certificate = join(folder, 'server.crt');
  const privateKey = join(folder, 'server.key');
  writeFileSync(certificate, server.certificatePem);
  writeFileSync(privateKey, server.privateKeyPem);
  const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'ca', certificates: issuer.certificatePem });
  const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
  const flags = {
    '--certificate': certificate,
    '--private-key': privateKey,
    '--session-duration': '900',
    '--trust-anchor-arn': trustAnchorArn,
    '--profile-arn': profileArn,
    '--role-arn': roleArn,
    '--endpoint': endpoint,
  };
  return [process.execPath, COMMAND, 'credential-process', ...Object.entries(flags).flat()];
}

async function runForCredentials(command: Command): Promise<ClientEnvironment> {
  const { exitCode, stdout, stderr } = await runCleanly(command);
  if (exitCode !== 0) throw new Error(stderr);
  const output = JSON.parse(stdout) as Readonly<Record<string, string>>;
  return {
    AWS_ACCESS_KEY_ID: output['AccessKeyId'] ?? '',
    AWS_SECRET_ACCESS_KEY: output['SecretAccessKey'] ?? '',
    AWS_SESSION_TOKEN: output['SessionToken'] ?? '',
  };
}
