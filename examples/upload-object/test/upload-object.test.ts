import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { type AwsWorld, startAwsWorld } from '../../../tools/test-support/aws-world.js';
import { compileExample, runExample } from '../../../tools/test-support/run-example.js';

const content = '¡Hola!\n';
const folder = mkdtempSync(join(tmpdir(), 'upload object '));
let world: AwsWorld;
let env: Record<string, string>;

beforeAll(async () => {
  await compileExample('upload-object');
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

  world = await startAwsWorld({
    trustAnchorPem: authority.certificatePem,
    authorize: ({ action, bucket }) => action !== 's3:PutObject' || bucket !== 'read-only-bucket',
  });
  env = {
    ...world.env,
    ROLES_ANYWHERE_CERTIFICATE: 'server.crt',
    ROLES_ANYWHERE_PRIVATE_KEY: 'server.key',
  };
}, 180_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

/** What a failing run says, once its form has been checked: one line on stderr, nothing on stdout. */
const failureOf = async (changes: Readonly<Record<string, string>>, cwd = folder) => {
  const { exitCode, stdout, stderr } = await runExample('upload-object', {
    cwd,
    env: { ...env, ...changes },
  });
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^upload-object: [^\n]+\n$/);
  return { exitCode, stderr };
};

test('uploads objeto.txt to your-bucket and says so', async () => {
  expect(await runExample('upload-object', { cwd: folder, env })).toEqual({
    exitCode: 0,
    stdout: 'objeto.txt is now s3://your-bucket/objeto.txt\n',
    stderr: '',
  });
  expect(await world.read('objeto.txt')).toBe(content);
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
region = eu-central-1
credential_process = ${helper} credential-process --certificate "${folder}/server.crt" --private-key "${folder}/server.key" ${session.join(' ')}
`,
  );
  const { AWS_ENDPOINT_URL_S3 = '', AWS_ENDPOINT_URL_ROLESANYWHERE = '' } = env;
  const endpoints = { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_ROLESANYWHERE };
  const run = await runExample('upload-object', {
    cwd: folder,
    env: { HOME: home, AWS_PROFILE: 'mi-servidor', ...endpoints },
  });
  expect(run).toEqual({
    exitCode: 0,
    stdout: 'objeto.txt is now s3://your-bucket/objeto.txt\n',
    stderr: '',
  });
  expect(existsSync(join(home, 'was-run'))).toBe(false);
  rmSync(home, { recursive: true });
});

test('uploads to the bucket in BUCKET_NAME', async () => {
  await world.owner.send(new CreateBucketCommand({ Bucket: 'another-bucket' }));
  const { exitCode } = await runExample('upload-object', {
    cwd: folder,
    env: { ...env, BUCKET_NAME: 'another-bucket' },
  });
  expect(exitCode).toBe(0);
  expect(await world.read('objeto.txt', 'another-bucket')).toBe(content);
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
  await world.owner.send(new CreateBucketCommand({ Bucket: 'read-only-bucket' }));
  const { exitCode, stderr } = await failureOf({ BUCKET_NAME: 'read-only-bucket' });
  expect(exitCode).toBe(7);
  expect(stderr).toMatch(
    /^upload-object: s3:\/\/read-only-bucket\/objeto\.txt: .*does the role allow s3:PutObject\?$/m,
  );
});
