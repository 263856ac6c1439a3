/**
 * Uploads objeto.txt to a bucket with credentials that a certificate buys: no access key anywhere.
 * The environment says with which certificate, for which role and to which bucket; the README lists it.
 */
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ConfigurationError,
  fromPemFiles,
  fromRolesAnywhere,
  IdentityError,
  SessionError,
  SigningError,
} from '@rolesanywhere/credential-provider';

const file = 'objeto.txt';
const {
  BUCKET_NAME: bucket = 'your-bucket',
  ROLES_ANYWHERE_TRUST_ANCHOR_ARN: trustAnchorArn = '',
  ROLES_ANYWHERE_PROFILE_ARN: profileArn = '',
  ROLES_ANYWHERE_ROLE_ARN: roleArn = '',
  ROLES_ANYWHERE_CERTIFICATE: certificate = '',
  ROLES_ANYWHERE_PRIVATE_KEY: privateKey = '',
  ROLES_ANYWHERE_INTERMEDIATES: chain,
  AWS_ENDPOINT_URL_ROLESANYWHERE: endpoint,
} = process.env;

try {
  await uploadObject();
  console.log(`${file} is now s3://${bucket}/${file}`);
} catch (error) {
  const [exitCode, message] = explain(error);
  console.error(`upload-object: ${message.replaceAll(/\s+/g, ' ')}`);
  process.exitCode = exitCode;
}

async function uploadObject(): Promise<void> {
  checkEnvironment();
  const body = await readFile(file);
  const s3 = new S3Client({
    credentials: fromRolesAnywhere({
      trustAnchorArn,
      profileArn,
      roleArn,
      identity: fromPemFiles({ certificate, privateKey, chain: chain || undefined }),
      clientConfig: { endpoint: endpoint || undefined },
    }),
  });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file, Body: body }));
}

function checkEnvironment(): void {
  const missing = Object.entries({
    ROLES_ANYWHERE_TRUST_ANCHOR_ARN: trustAnchorArn,
    ROLES_ANYWHERE_PROFILE_ARN: profileArn,
    ROLES_ANYWHERE_ROLE_ARN: roleArn,
    ROLES_ANYWHERE_CERTIFICATE: certificate,
    ROLES_ANYWHERE_PRIVATE_KEY: privateKey,
  }).flatMap(([name, value]) => (value === '' ? [name] : []));
  if (missing.length === 0) return;
  throw new ConfigurationError({ code: 'NOT_CONFIGURED', message: `set ${missing.join(', ')}` });
}

/** An exit code per thing that a person has to put right, and one line that says what. */
function explain(error: unknown): readonly [exitCode: number, message: string] {
  if (!(error instanceof Error)) return [1, String(error)];
  if (error instanceof ConfigurationError) return [2, error.message];
  if ('code' in error && error.code === 'ENOENT') return [3, `there is no ${file} in ${process.cwd()}`];
  if (error instanceof IdentityError || error instanceof SigningError) return [4, error.message];
  if (error instanceof SessionError) return [5, error.message];
  if (error.name === 'NoSuchBucket')
    return [6, `there is no bucket ${bucket}; create it, or set BUCKET_NAME`];
  if (error.name === 'AccessDenied')
    return [7, `s3://${bucket}/${file}: ${error.message}; does the role allow s3:PutObject?`];
  return [1, error.message];
}
