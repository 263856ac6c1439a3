import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { type AwsWorld, startAwsWorld } from '../../../tools/test-support/aws-world.js';
import { compileExample, runExample } from '../../../tools/test-support/run-example.js';

const folder = mkdtempSync(join(tmpdir(), 'role chaining '));
let world: AwsWorld;

beforeAll(async () => {
  await compileExample('role-chaining');
  const authority = await issueCertificateAuthority({ subject: 'CN=Example CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer: authority });
  writeFileSync(join(folder, 'server.pem'), server.certificatePem + server.privateKeyPem);
  world = await startAwsWorld({
    trustAnchorPem: authority.certificatePem,
    roleName: 'First',
    authorize: ({ action, caller }) => action !== 'sts:AssumeRole' || caller.arn.includes('/First/'),
  });
  const { trustAnchorArn, profileArn, roleArn } = world.targets;
  writeFileSync(
    join(folder, 'config'),
    `[default]
region = eu-central-1
rolesanywhere =
  trust-anchor-arn = ${trustAnchorArn}
  profile-arn = ${profileArn}
  role-arn = ${roleArn}
  certificate = server.pem
`,
  );
}, 180_000);

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test('the certificate buys a session of the first role, which assumes the second', async () => {
  const env = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_ENDPOINT_URL_ROLESANYWHERE: world.rolesAnywhereUrl,
    AWS_ENDPOINT_URL_STS: world.awsUrl,
    TARGET_ROLE_ARN: 'arn:aws:iam::111122223333:role/Second',
  };
  expect(await runExample('role-chaining', { cwd: folder, env })).toEqual({
    exitCode: 0,
    stdout: 'I am arn:aws:sts::111122223333:assumed-role/Second/role-chaining\n',
    stderr: '',
  });
});
