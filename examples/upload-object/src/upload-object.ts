/**
 * Uploads objeto.txt to a bucket with credentials that a certificate buys: no access key anywhere.
 * The environment, or a profile of `~/.aws/config`, says with which certificate and for which role; the README lists both.
 */
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ConfigurationError,
  fromRolesAnywhere,
  IdentityError,
  SessionError,
  SigningError,
} from '@rolesanywhere/credential-provider';

const file = 'objeto.txt';
const bucket = process.env['BUCKET_NAME'] ?? 'your-bucket';

try {
  await uploadObject();
  console.log(`${file} is now s3://${bucket}/${file}`);
} catch (error) {
  const [exitCode, message] = explain(error);
  console.error(`upload-object: ${message.replaceAll(/\s+/g, ' ')}`);
  process.exitCode = exitCode;
}

async function uploadObject(): Promise<void> {
  const body = await readFile(file);
  const s3 = new S3Client({ credentials: fromRolesAnywhere() });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file, Body: body }));
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
