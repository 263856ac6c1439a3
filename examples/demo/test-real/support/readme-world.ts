/** What the READMEs take for granted: the ARNs that stand in them, a certificate with its key, a bucket. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import { createEmulator } from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { trustPolicy } from '../../../../tools/test-support/trust-policy.js';

export interface ReadmeWorld {
  readonly rolesAnywhereUrl: string;
  /** STS and S3. */
  readonly awsUrl: string;
  readonly arns: { readonly trustAnchorArn: string; readonly profileArn: string; readonly roleArn: string };
  close(): Promise<void>;
}

const REGION = 'eu-central-1';
const OWNER = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' };

/** Starts it, and writes `server.crt`, `server.key` and `objeto.txt` into a folder. */
export async function startReadmeWorld(folder: string): Promise<ReadmeWorld> {
  const keyAlgorithm = { type: 'RSA', modulusLength: 2048 } as const;
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm });
  const server = await issueCertificate({ subject: 'CN=server', issuer, keyAlgorithm });
  writeFileSync(join(folder, 'server.crt'), server.certificatePem);
  writeFileSync(join(folder, 'server.key'), server.privateKeyPem);
  writeFileSync(join(folder, 'objeto.txt'), 'Hola.\n');

  const emulator = createEmulator({ region: REGION });
  const { trustAnchorArn } = emulator.createTrustAnchor({
    name: 'example',
    certificates: issuer.certificatePem,
    trustAnchorId: '11111111-1111-4111-8111-111111111111',
  });
  const { roleArn } = emulator.createRole({ roleName: 'ExampleRole', trustPolicy });
  const { profileArn } = emulator.createProfile({
    name: 'example',
    roleArns: [roleArn],
    profileId: '22222222-2222-4222-8222-222222222222',
  });
  const users = [{ ...OWNER, userName: 'owner' }];
  const standIn = createAwsStandIn({ region: REGION, users, findSession: emulator.findSession });
  const rolesAnywhere = await emulator.listen();
  const aws = await standIn.listen();
  await makeBucket(aws.url);
  return {
    rolesAnywhereUrl: rolesAnywhere.url,
    awsUrl: aws.url,
    arns: { trustAnchorArn, profileArn, roleArn },
    close: async () => {
      await Promise.all([rolesAnywhere.close(), aws.close()]);
    },
  };
}

async function makeBucket(endpoint: string): Promise<void> {
  const s3 = new S3Client({ endpoint, region: REGION, credentials: OWNER });
  await s3.send(new CreateBucketCommand({ Bucket: 'your-bucket' }));
  s3.destroy();
}
