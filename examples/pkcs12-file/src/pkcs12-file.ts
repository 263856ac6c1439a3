/**
 * Uploads objeto.txt to a bucket with the certificate and the key of a PKCS#12 file (`.p12`, `.pfx`).
 * The environment says the rest: ARNs, region, bucket, and the passphrase.
 */
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { fromPkcs12 } from '@rolesanywhere/identity-pkcs12';

const file = 'objeto.txt';
const bucket = process.env['BUCKET_NAME'] ?? 'your-bucket';

const identity = fromPkcs12({
  // Read at every refresh, so that a renewed one needs no restart; opened again only when it has changed.
  file: 'server.p12',
  // Or a text, `{ file: '/run/secrets/passphrase' }`, or a function that asks a vault.
  passphrase: { environment: 'PKCS12_PASSPHRASE' },
});
const s3 = new S3Client({ credentials: fromRolesAnywhere({ identity }) });

await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file, Body: await readFile(file) }));
console.log(`${file} is now s3://${bucket}/${file}`);
