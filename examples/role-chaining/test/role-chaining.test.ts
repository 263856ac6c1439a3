import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = fileURLToPath(new URL('../dist/role-chaining.js', import.meta.url));
const packages = ['@rolesanywhere/signer', '@rolesanywhere/credential-provider', 'example-role-chaining'];
const folder = mkdtempSync(join(tmpdir(), 'role chaining '));
const servers: Listening[] = [];
let env: Record<string, string>;

beforeAll(async () => {
  await run(process.execPath, [`${root}/tools/build.js`, ...packages], { cwd: root });
  const authority = await issueCertificateAuthority({ subject: 'CN=Example CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer: authority });
  writeFileSync(join(folder, 'server.pem'), server.certificatePem + server.privateKeyPem);
  const emulator = createEmulator();
  const anchor = { name: 'example', certificates: authority.certificatePem };
  const { trustAnchorArn } = emulator.createTrustAnchor(anchor);
  const { roleArn } = emulator.createRole({ roleName: 'First', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const standIn = createAwsStandIn({
    findSession: (accessKeyId) => emulator.findSession(accessKeyId),
    authorize: ({ action, caller }) => action !== 'sts:AssumeRole' || caller.arn.includes('/First/'),
  });
  const [rolesAnywhere, aws] = await Promise.all([emulator.listen(), standIn.listen()]);
  servers.push(rolesAnywhere, aws);
  writeFileSync(
    join(folder, 'config'),
    `[default]
region = us-east-1
rolesanywhere =
  trust-anchor-arn = ${trustAnchorArn}
  profile-arn = ${profileArn}
  role-arn = ${roleArn}
  certificate = server.pem
`,
  );
  env = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_ENDPOINT_URL_ROLESANYWHERE: rolesAnywhere.url,
    AWS_ENDPOINT_URL_STS: aws.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    HOME: folder,
  };
}, 180_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

test('the certificate buys a session of the first role, which assumes the second', async () => {
  const options = {
    cwd: folder,
    env: { ...env, TARGET_ROLE_ARN: 'arn:aws:iam::111122223333:role/Second' },
    timeout: 60_000,
  };
  expect(await run(process.execPath, [example], options)).toEqual({
    stdout: 'I am arn:aws:sts::111122223333:assumed-role/Second/role-chaining\n',
    stderr: '',
  });
});
