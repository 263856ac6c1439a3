import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { installAsStranger, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { trustPolicy } from '../../../tools/test-support/trust-policy.js';
import { SDK_OUTPUT, SDK_PROGRAM } from './support/sdk-program.js';

const REGION = 'eu-central-1';

/** The oldest AWS SDK that the README names, with what a package manager had put beside it, and the newest. */
const SDKS = {
  oldest: {
    '@aws-sdk/client-s3': '3.350.0',
    '@aws-sdk/client-sts': '3.350.0',
    '@aws-sdk/util-endpoints': '3.347.0',
    '@smithy/signature-v4': '5.0.0',
  },
  newest: { '@aws-sdk/client-s3': 'latest', '@aws-sdk/client-sts': 'latest' },
} as const;

test('the oldest AWS SDK that is tried is the one that the README names', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(SDKS.oldest['@aws-sdk/client-s3']);
});

describe.each(Object.entries(SDKS))('with the %s AWS SDK', (_, dependencies) => {
  let calls = 0;
  const emulator = createEmulator({ region: REGION, onVerdict: () => (calls += 1) });
  const standIn = createAwsStandIn({ region: REGION, findSession: emulator.findSession });
  let stranger: Awaited<ReturnType<typeof installAsStranger>>;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    stranger = await installAsStranger(['signer', 'credential-provider'], {
      files: { 'program.cjs': SDK_PROGRAM },
      dependencies,
    });
    const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
    const server = await issueCertificate({
      subject: 'CN=stranger',
      issuer,
      serialNumber: 0x1234n,
      keyAlgorithm: { type: 'EC' },
    });
    const certificates = issuer.certificatePem;
    const { trustAnchorArn } = emulator.createTrustAnchor({ name: 'ca', certificates });
    const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
    const { profileArn } = emulator.createProfile({ name: 'example', roleArns: [roleArn] });
    const [rolesAnywhere, aws] = await Promise.all([emulator.listen(), standIn.listen()]);
    close = () => Promise.all([rolesAnywhere.close(), aws.close()]);
    const order = {
      pem: { certificate: server.certificatePem, privateKey: server.privateKeyPem },
      arns: { trustAnchorArn, profileArn, roleArn },
      rolesAnywhere: rolesAnywhere.url,
      aws: aws.url,
    };
    writeFileSync(join(stranger.folder, 'order.json'), JSON.stringify(order));
  }, 300_000);
  afterAll(async () => {
    await close();
    stranger.remove();
  });

  testWith('REAL_TARBALLS')('clients share one session, upload and download', async () => {
    const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
    const run = await runCleanly([process.execPath, 'program.cjs'], { cwd: stranger.folder, env });
    expect(run.stdout.trim()).toBe(SDK_OUTPUT);
    expect(calls).toBe(1);
  });
});
