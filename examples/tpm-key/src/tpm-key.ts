/**
 * Uploads objeto.txt to a bucket with a key that never leaves the TPM of this machine.
 * The environment says the rest: ARNs, region, bucket, and the key's password.
 */
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { fromTpm } from '@rolesanywhere/identity-tpm';

const file = 'objeto.txt';
const bucket = process.env['BUCKET_NAME'] ?? 'your-bucket';

const identity = fromTpm({
  certificate: 'server.crt',
  // Encrypted for this TPM; or 'handle:0x81000101' for a key that stays in it.
  privateKey: 'server.tss.pem',
  password: { environment: 'TPM_KEY_PASSWORD' },
  device: process.env['TPM_DEVICE'] ?? '/dev/tpmrm0',
});
const s3 = new S3Client({ credentials: fromRolesAnywhere({ identity }) });

try {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file, Body: await readFile(file) }));
  console.log(`${file} is now s3://${bucket}/${file}`);
} finally {
  // Refuses all later signatures. A service keeps it for as long as it runs.
  await identity.close();
}
