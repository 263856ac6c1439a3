import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';

const COMMAND = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const ARN = 'arn:aws:sts::111122223333:assumed-role/ExampleRole/0123';

const BOTO3 = `
import boto3
sts, s3 = boto3.client('sts'), boto3.client('s3')
print(sts.get_caller_identity()['Arn'])
s3.create_bucket(Bucket='boto3-bucket', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})
s3.upload_file('objeto.txt', 'boto3-bucket', 'boto3/un ü.txt')
print(s3.get_object(Bucket='boto3-bucket', Key='boto3/un ü.txt')['Body'].read().decode(), end='')
print(sorted(o['Key'] for o in s3.list_objects_v2(Bucket='boto3-bucket')['Contents']))
`;
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

describe('a profile whose credential_process is our command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'real-aws-'));
  const servers: Listening[] = [];
  let env: Record<string, string>;

  beforeAll(async () => {
    const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
    const server = await issueCertificate({
      subject: 'CN=server',
      issuer,
      serialNumber: 0x123n,
      keyAlgorithm: { type: 'EC' },
    });
    const emulator = createEmulator({ region: 'eu-central-1' });
    const { trustAnchorArn } = emulator.createTrustAnchor({
      name: 'ca',
      certificates: issuer.certificatePem,
    });
    const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
    const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
    const standIn = createAwsStandIn({ region: 'eu-central-1', findSession: emulator.findSession });
    const rolesAnywhere = await emulator.listen();
    const aws = await standIn.listen({ maximumBodyBytes: 64 * 1024 * 1024 });
    servers.push(rolesAnywhere, aws);
    writeFileSync(join(folder, 'server.crt'), server.certificatePem);
    writeFileSync(join(folder, 'server.key'), server.privateKeyPem);
    writeFileSync(join(folder, 'objeto.txt'), '¡Hola!\n');
    const command = `"${process.execPath}" "${COMMAND}" credential-process --certificate "${folder}/server.crt" --private-key "${folder}/server.key" --trust-anchor-arn ${trustAnchorArn} --profile-arn ${profileArn} --role-arn ${roleArn} --endpoint ${rolesAnywhere.url}`;
    writeFileSync(
      join(folder, 'config'),
      `[profile mi-servidor]\nregion = eu-central-1\ncredential_process = ${command}\n`,
    );
    env = {
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
      AWS_PROFILE: 'mi-servidor',
      AWS_ENDPOINT_URL: aws.url,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (program: string, ...args: string[]): Promise<string> => {
    const path = join(realPart('REAL_AWS') ?? '', program);
    const { exitCode, stdout, stderr } = await runCleanly([path, ...args], { cwd: folder, env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };

  testWith('REAL_AWS')(
    'serves the AWS CLI: identity, bucket, upload, list, download',
    async () => {
      expect(await run('aws', 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text')).toBe(
        `${ARN}\n`,
      );
      await run('aws', 's3', 'mb', 's3://your-bucket');
      await run('aws', 's3', 'cp', '--only-show-errors', 'objeto.txt', 's3://your-bucket/a b/ü.txt');
      expect(await run('aws', 's3', 'ls', 's3://your-bucket/a b/')).toMatch(/ 8 ü\.txt\n$/);
      await run('aws', 's3', 'cp', '--only-show-errors', 's3://your-bucket/a b/ü.txt', 'back.txt');
      expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe('¡Hola!\n');
    },
    120_000,
  );

  testWith('REAL_AWS')(
    'serves boto3',
    async () => {
      writeFileSync(join(folder, 'upload.py'), BOTO3);
      expect(await run('python', 'upload.py')).toBe(`${ARN}\n¡Hola!\n['boto3/un ü.txt']\n`);
    },
    120_000,
  );
});
