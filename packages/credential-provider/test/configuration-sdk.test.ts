import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { createCredentialChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { createTargets } from '../../../tools/test-support/create-targets.js';
import { rejectionOf } from './support/options.js';
import { createSharedFiles, type SharedFiles } from './support/shared-files.js';

const region = 'eu-central-1';
const assumed = (role: string, name: string): string =>
  `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;

let calls = 0;
const emulator = createEmulator({ region, onVerdict: () => (calls += 1) });
const standIn = createAwsStandIn({ region, findSession: (id) => emulator.findSession(id) });
let servers: Record<'rolesAnywhere' | 'aws', Listening>;
let files: SharedFiles;

beforeAll(async () => {
  servers = { rolesAnywhere: await emulator.listen(), aws: await standIn.listen() };
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  const serialNumber = 0x1234n;
  const server = await issueCertificate({
    subject: 'CN=server',
    issuer,
    serialNumber,
    keyAlgorithm: { type: 'EC' },
  });
  const { trustAnchorArn, profileArn, roleArn } = createTargets(emulator, {
    trustAnchorPem: issuer.certificatePem,
  });
  files = createSharedFiles();
  const certificate = files.write('server.crt', server.certificatePem);
  const privateKey = files.write('server.key', server.privateKeyPem);
  files.write(
    'config',
    `[profile mi-servidor]
credential_process = /nowhere/aws_signing_helper credential-process --certificate '${certificate}' --private-key '${privateKey}' --trust-anchor-arn ${trustAnchorArn} --profile-arn ${profileArn} --role-arn ${roleArn} --endpoint ${servers.rolesAnywhere.url}
`,
  );
});
afterAll(async () => {
  files.remove();
  await Promise.all(Object.values(servers).map((server) => server.close()));
});
beforeEach(() => {
  calls = 0;
});

async function callerOf(config: STSClientConfig): Promise<string | undefined> {
  const client = new STSClient({ region, endpoint: servers.aws.url, ...config });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Arn;
  } finally {
    client.destroy();
  }
}

const profile = 'mi-servidor';
const signedIn = assumed('ExampleRole', '1234');

describe('fromRolesAnywhere() with a profile that has the line of aws_signing_helper', () => {
  test("works by the calling client's profile, and the program that the line names is not needed", async () => {
    expect(await callerOf({ profile, credentials: fromRolesAnywhere() })).toBe(signedIn);
    expect(calls).toBe(1);
  });

  test('works as credentialDefaultProvider', async () => {
    const credentials = fromRolesAnywhere({ profile });
    expect(await callerOf({ credentialDefaultProvider: () => credentials })).toBe(signedIn);
  });

  test('works as the first link of a chain, whose later links are not asked', async () => {
    const never = (): never => {
      throw new Error('The second link was asked.');
    };
    const credentials = createCredentialChain(fromRolesAnywhere(), never);
    expect(await callerOf({ profile, credentials })).toBe(signedIn);
  });

  test('works as the master credentials of another role', async () => {
    const credentials = fromTemporaryCredentials({
      masterCredentials: fromRolesAnywhere({ profile }),
      params: { RoleArn: 'arn:aws:iam::111122223333:role/Deploy', RoleSessionName: 'chained' },
      clientConfig: { region, endpoint: servers.aws.url },
    });
    expect(await callerOf({ credentials })).toBe(assumed('Deploy', 'chained'));
    expect(calls).toBe(1);
  });
});

describe('fromRolesAnywhere() with nothing configured', () => {
  const other = { accessKeyId: 'AKIAOTHEROTHEROTHER1', secretAccessKey: 'other' };

  test('lets a chain go on', async () => {
    const chain = createCredentialChain(fromRolesAnywhere(), async () => other);
    expect(await chain()).toMatchObject(other);
    expect(calls).toBe(0);
  });

  test('stops a chain when there is a mistake instead', async () => {
    const chain = createCredentialChain(
      fromRolesAnywhere({ profile, durationSeconds: 1 }),
      async () => other,
    );
    expect(await rejectionOf(chain())).toMatchObject({ code: 'INVALID_OPTION', tryNextLink: false });
  });
});
