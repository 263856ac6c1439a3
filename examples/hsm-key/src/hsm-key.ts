/**
 * Uploads objeto.txt to a bucket with a certificate and a key that are in an HSM, a smart card or a USB token.
 * The environment says the rest: ARNs, region, bucket.
 */
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { fromPkcs11 } from '@rolesanywhere/identity-pkcs11';

const file = 'objeto.txt';
const bucket = process.env['BUCKET_NAME'] ?? 'your-bucket';

const identity = fromPkcs11({
  // The key is the one with the certificate's id, the chain what the token holds of it.
  certificate: 'pkcs11:token=hsm;object=server',
  module: process.env['PKCS11_MODULE'] ?? '/usr/lib/softhsm/libsofthsm2.so',
  // Or a function that asks a person. A wrong one is tried once, so that no card is locked.
  pin: { file: 'pin' },
});
const s3 = new S3Client({ credentials: fromRolesAnywhere({ identity }) });

try {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file, Body: await readFile(file) }));
  console.log(`${file} is now s3://${bucket}/${file}`);
} finally {
  // Logs out. A service keeps it for as long as it runs.
  await identity.close();
}
