/**
 * Uploads objeto.txt to a bucket with the X.509-SVID that the SPIFFE Workload API gives to this process.
 * `SPIFFE_ENDPOINT_SOCKET` says where the agent is, the environment the rest: ARNs, region, bucket.
 */
import { readFile } from 'node:fs/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fromRolesAnywhere } from '@rolesanywhere/credential-provider';
import { fromSpiffe } from '@rolesanywhere/identity-spiffe';

const file = 'objeto.txt';
const bucket = process.env['BUCKET_NAME'] ?? 'your-bucket';

// Without `spiffeId` it is the identity that the agent names first.
const identity = fromSpiffe({ spiffeId: 'spiffe://example.org/backend' });
const s3 = new S3Client({ credentials: fromRolesAnywhere({ identity }) });

try {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: file, Body: await readFile(file) }));
  console.log(`${file} is now s3://${bucket}/${file}`);
} finally {
  // A service keeps it for as long as it runs: the agent sends each new X.509-SVID by itself.
  await identity.close();
}
