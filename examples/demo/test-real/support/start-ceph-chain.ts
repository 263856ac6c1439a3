import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  fromPem,
  fromRolesAnywhere,
  type RolesAnywhereCredentialProvider,
} from '@rolesanywhere/credential-provider';
import { createEmulator, mintByAssumeRole } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority, type IssuedCertificate } from '@rolesanywhere/pki';
import { createTargets } from '../../../../tools/test-support/create-targets.js';
import { startCeph, type Ceph } from './start-ceph.js';

const COMMAND = fileURLToPath(new URL('../../../../packages/cli/dist/main.js', import.meta.url));
const REGION = 'us-east-1';

/** Ceph, and an emulator that mints there, with what a client needs to get a session by a certificate. */
export interface CephChain {
  readonly cephUrl: string;
  /** Credential providers of two servers with a certificate each. */
  readonly server: RolesAnywhereCredentialProvider;
  readonly otherServer: RolesAnywhereCredentialProvider;
  /** For other programs: a profile whose `credential_process` is our command. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts both; certificate, key and configuration of the profile are written into the folder. */
export async function startCephChain(folder: string): Promise<CephChain> {
  const ceph = await startCeph();
  try {
    return await chainTo(ceph, folder);
  } catch (error) {
    await ceph.stop();
    throw error;
  }
}

async function chainTo(ceph: Ceph, folder: string): Promise<CephChain> {
  const authority = await issueCertificateAuthority({ subject: 'CN=CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer: authority });
  const otherServer = await issueCertificate({ subject: 'CN=other', issuer: authority });
  const emulator = createEmulator({
    region: REGION,
    mint: mintByAssumeRole({
      endpoint: ceph.url,
      region: REGION,
      credentials: ceph.credentials,
      mapRoleArn: () => ceph.roleArn,
    }),
  });
  const targets = createTargets(emulator, { trustAnchorPem: authority.certificatePem });
  const { url, close } = await emulator.listen();

  const providerOf = ({ certificatePem, privateKeyPem }: IssuedCertificate) =>
    fromRolesAnywhere({
      ...targets,
      identity: fromPem({ certificate: certificatePem, privateKey: privateKeyPem }),
      clientConfig: { endpoint: url },
    });
  writeFileSync(join(folder, 'server.crt'), server.certificatePem);
  writeFileSync(join(folder, 'server.key'), server.privateKeyPem);
  const files = `--certificate "${folder}/server.crt" --private-key "${folder}/server.key"`;
  const { trustAnchorArn, profileArn, roleArn } = targets;
  const arns = `--trust-anchor-arn ${trustAnchorArn} --profile-arn ${profileArn} --role-arn ${roleArn}`;
  const command = `"${process.execPath}" "${COMMAND}" credential-process ${files} ${arns} --endpoint ${url}`;
  return {
    cephUrl: ceph.url,
    server: providerOf(server),
    otherServer: providerOf(otherServer),
    env: profileIn(folder, { command, cephUrl: ceph.url }),
    stop: async () => {
      await close();
      await ceph.stop();
    },
  };
}

function profileIn(
  folder: string,
  { command, cephUrl }: { readonly command: string; readonly cephUrl: string },
): Record<string, string> {
  const settings = ['region = us-east-1', 'request_checksum_calculation = when_required'];
  const profiles = [
    ['[profile example]', ...settings, `credential_process = ${command}`],
    ['[profile keys]', ...settings],
  ];
  writeFileSync(join(folder, 'config'), `${profiles.map((lines) => lines.join('\n')).join('\n\n')}\n`);
  return {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_PROFILE: 'example',
    AWS_ENDPOINT_URL: cephUrl,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
