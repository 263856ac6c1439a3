import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator, type Emulator, type Listening } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = fileURLToPath(new URL('../dist/open-telemetry-metrics.js', import.meta.url));
const packages = [
  '@rolesanywhere/signer',
  '@rolesanywhere/credential-provider',
  'example-open-telemetry-metrics',
];
const folder = mkdtempSync(join(tmpdir(), 'metrics '));
const servers: Listening[] = [];
let emulator: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  await run(process.execPath, [`${root}/tools/build.js`, ...packages], { cwd: root });
  const authority = await issueCertificateAuthority({ subject: 'CN=Example CA' });
  const server = await issueCertificate({ subject: 'CN=server', issuer: authority });
  writeFileSync(join(folder, 'server.pem'), server.certificatePem + server.privateKeyPem);
  emulator = createEmulator();
  const anchor = { name: 'example', certificates: authority.certificatePem };
  const { trustAnchorArn } = emulator.createTrustAnchor(anchor);
  const { roleArn } = emulator.createRole({ roleName: 'uploader', trustPolicy });
  const { profileArn } = emulator.createProfile({ name: 'servers', roleArns: [roleArn] });
  const standIn = createAwsStandIn({ findSession: (accessKeyId) => emulator.findSession(accessKeyId) });
  const [rolesAnywhere, aws] = await Promise.all([emulator.listen(), standIn.listen()]);
  servers.push(rolesAnywhere, aws);
  env = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_ENDPOINT_URL_ROLESANYWHERE: rolesAnywhere.url,
    AWS_ENDPOINT_URL_STS: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    HOME: folder,
    ROLES_ANYWHERE_CERTIFICATE: join(folder, 'server.pem'),
    ROLES_ANYWHERE_PRIVATE_KEY: join(folder, 'server.pem'),
    ROLES_ANYWHERE_PROFILE_ARN: profileArn,
    ROLES_ANYWHERE_ROLE_ARN: roleArn,
    ROLES_ANYWHERE_TRUST_ANCHOR_ARN: trustAnchorArn,
  };
}, 180_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

test('the program shows the metrics of its provider', async () => {
  const { stdout, stderr } = await run(process.execPath, [example], { cwd: folder, env, timeout: 60_000 });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^I am arn:aws:sts::111122223333:assumed-role\/uploader\//);
  for (const name of ['refresh.duration', 'refresh.failures', 'session.remaining', 'certificate.remaining'])
    expect(stdout).toContain(`name: 'rolesanywhere.${name}'`);
  expect(stdout).toContain("outcome: 'succeeded'");
  expect(stdout).toContain(`'aws.role.arn': '${env['ROLES_ANYWHERE_ROLE_ARN']}'`);
});
