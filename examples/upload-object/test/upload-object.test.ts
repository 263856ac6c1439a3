import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { compileExample, runExample } from './run-example.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

const content = '¡Hola!\n';
const administrator = {
  accessKeyId: 'AKIAEXAMPLE000000001',
  secretAccessKey: 'exampleSecretKey',
  userName: 'admin',
};
const folder = mkdtempSync(join(tmpdir(), 'upload object '));
const servers: Listening[] = [];
let s3: S3Client;
let env: Record<string, string>;

beforeAll(async () => {
  await compileExample();
  const authority = await issueCertificateAuthority({ subject: 'CN=Example CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer: authority });
  const foreign = await issueCertificate({
    subject: 'CN=foreign',
    issuer: await issueCertificateAuthority({ subject: 'CN=Stranger' }),
  });
  for (const [name, text] of [
    ['objeto.txt', content],
    ['server.crt', server.certificatePem],
    ['server.key', server.privateKeyPem],
    ['foreign.crt', foreign.certificatePem],
    ['foreign.key', foreign.privateKeyPem],
  ] as const) {
    writeFileSync(join(folder, name), text);
  }

  const emulator = createEmulator();
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'example',
    certificates: authority.certificatePem,
  });
  const { roleArn } = emulator.createRole({ roleName: 'Uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const standIn = createAwsStandIn({
    findSession: (accessKeyId) => emulator.findSession(accessKeyId),
    users: [administrator],
    authorize: ({ action, bucket }) => action !== 's3:PutObject' || bucket !== 'read-only-bucket',
  });
  const rolesAnywhere = await emulator.listen();
  const aws = await standIn.listen();
  servers.push(rolesAnywhere, aws);

  s3 = new S3Client({ region: 'us-east-1', endpoint: aws.url, credentials: administrator });
  await s3.send(new CreateBucketCommand({ Bucket: 'your-bucket' }));
  env = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: aws.url,
    AWS_ENDPOINT_URL_ROLESANYWHERE: rolesAnywhere.url,
    ROLES_ANYWHERE_TRUST_ANCHOR_ARN: trustAnchorArn,
    ROLES_ANYWHERE_PROFILE_ARN: profileArn,
    ROLES_ANYWHERE_ROLE_ARN: roleArn,
    ROLES_ANYWHERE_CERTIFICATE: 'server.crt',
    ROLES_ANYWHERE_PRIVATE_KEY: 'server.key',
  };
}, 180_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

/** What a failing run says, once its form has been checked: one line on stderr, nothing on stdout. */
const failureOf = async (changes: Readonly<Record<string, string>>, cwd = folder) => {
  const { exitCode, stdout, stderr } = await runExample(cwd, { ...env, ...changes });
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^upload-object: [^\n]+\n$/);
  return { exitCode, stderr };
};

test('uploads objeto.txt to your-bucket and says so', async () => {
  expect(await runExample(folder, env)).toEqual({
    exitCode: 0,
    stdout: 'objeto.txt is now s3://your-bucket/objeto.txt\n',
    stderr: '',
  });
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: 'your-bucket', Key: 'objeto.txt' }));
  expect(await body?.transformToString()).toBe(content);
});

test('does the same by AWS_PROFILE with the line of aws_signing_helper, which is not run', async () => {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  const helper = join(home, 'aws_signing_helper');
  writeFileSync(helper, `#!/bin/sh\ntouch '${home}/was-run'\n`, { mode: 0o755 });
  const session = ['trust-anchor-arn', 'profile-arn', 'role-arn'].map(
    (flag) => `--${flag} ${env[`ROLES_ANYWHERE_${flag.toUpperCase().replaceAll('-', '_')}`]}`,
  );
  mkdirSync(join(home, '.aws'));
  writeFileSync(
    join(home, '.aws', 'config'),
    `[profile mi-servidor]
region = us-east-1
credential_process = ${helper} credential-process --certificate "${folder}/server.crt" --private-key "${folder}/server.key" ${session.join(' ')}
`,
  );
  const { AWS_ENDPOINT_URL_S3 = '', AWS_ENDPOINT_URL_ROLESANYWHERE = '' } = env;
  const endpoints = { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_ROLESANYWHERE };
  const run = await runExample(folder, { HOME: home, AWS_PROFILE: 'mi-servidor', ...endpoints });
  expect(run).toEqual({
    exitCode: 0,
    stdout: 'objeto.txt is now s3://your-bucket/objeto.txt\n',
    stderr: '',
  });
  expect(existsSync(join(home, 'was-run'))).toBe(false);
  rmSync(home, { recursive: true });
});

test('uploads to the bucket in BUCKET_NAME', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'another-bucket' }));
  const { exitCode } = await runExample(folder, { ...env, BUCKET_NAME: 'another-bucket' });
  expect(exitCode).toBe(0);
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: 'another-bucket', Key: 'objeto.txt' }));
  expect(await body?.transformToString()).toBe(content);
});

test('names everything that is missing at once, exit code 2', async () => {
  const { exitCode, stderr } = await failureOf({
    ROLES_ANYWHERE_ROLE_ARN: '',
    ROLES_ANYWHERE_PROFILE_ARN: '',
    ROLES_ANYWHERE_CERTIFICATE: '',
    ROLES_ANYWHERE_PRIVATE_KEY: '',
  });
  expect(exitCode).toBe(2);
  for (const name of ['ROLE_ARN', 'PROFILE_ARN', 'CERTIFICATE', 'PRIVATE_KEY'])
    expect(stderr).toContain(`ROLES_ANYWHERE_${name}`);
});

test('says where it looked when nothing is configured, exit code 2', async () => {
  const nothing = Object.keys(env).filter((name) => name.startsWith('ROLES_ANYWHERE_'));
  const { exitCode, stderr } = await failureOf(Object.fromEntries(nothing.map((name) => [name, ''])));
  expect(exitCode).toBe(2);
  expect(stderr).toContain('ROLES_ANYWHERE_TRUST_ANCHOR_ARN');
  expect(stderr).toContain('the profile default in ~/.aws/config and ~/.aws/credentials');
});

test('an ARN that is none has exit code 2', async () => {
  const { exitCode, stderr } = await failureOf({ ROLES_ANYWHERE_ROLE_ARN: 'Uploader' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('roleArn');
});

test('a missing objeto.txt has exit code 3', async () => {
  const elsewhere = mkdtempSync(join(folder, 'empty-'));
  const { exitCode, stderr } = await failureOf({}, elsewhere);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('there is no objeto.txt in ');
});

test('a certificate that is not there has exit code 4', async () => {
  const { exitCode, stderr } = await failureOf({ ROLES_ANYWHERE_CERTIFICATE: 'nowhere.crt' });
  expect(exitCode).toBe(4);
  expect(stderr).toContain('nowhere.crt does not exist');
});

test("a key that is not the certificate's has exit code 4", async () => {
  const { exitCode, stderr } = await failureOf({ ROLES_ANYWHERE_PRIVATE_KEY: 'foreign.key' });
  expect(exitCode).toBe(4);
  expect(stderr).toContain('The private key does not belong to');
});

test("a refused session has exit code 5 and the service's reason", async () => {
  const { exitCode, stderr } = await failureOf({
    ROLES_ANYWHERE_CERTIFICATE: 'foreign.crt',
    ROLES_ANYWHERE_PRIVATE_KEY: 'foreign.key',
  });
  expect(exitCode).toBe(5);
  expect(stderr).toContain('Untrusted signing certificate');
});

test('a bucket that is not there has exit code 6', async () => {
  const { exitCode, stderr } = await failureOf({ BUCKET_NAME: 'no-such-bucket' });
  expect(exitCode).toBe(6);
  expect(stderr).toContain('there is no bucket no-such-bucket');
});

test('a role that may not write has exit code 7', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'read-only-bucket' }));
  const { exitCode, stderr } = await failureOf({ BUCKET_NAME: 'read-only-bucket' });
  expect(exitCode).toBe(7);
  expect(stderr).toMatch(
    /^upload-object: s3:\/\/read-only-bucket\/objeto\.txt: .*does the role allow s3:PutObject\?$/m,
  );
});
