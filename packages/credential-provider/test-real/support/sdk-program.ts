/** A stranger's application: two clients of the AWS SDK that share one provider, and ask at once. */
export const SDK_PROGRAM = `
const { readFileSync } = require('node:fs');
const { fromPem, fromRolesAnywhere } = require('@rolesanywhere/credential-provider');
const { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const { GetCallerIdentityCommand, STSClient } = require('@aws-sdk/client-sts');
const { pem, arns, rolesAnywhere, aws } = JSON.parse(readFileSync('order.json', 'utf8'));

async function main() {
  const clientConfig = { endpoint: rolesAnywhere };
  const credentials = fromRolesAnywhere({ ...arns, identity: fromPem(pem), clientConfig });
  const shared = { region: 'eu-central-1', endpoint: aws, credentials };
  const sts = new STSClient(shared);
  const s3 = new S3Client({ ...shared, forcePathStyle: true });
  const object = { Bucket: 'example-bucket', Key: 'objeto.txt' };
  const [{ Arn }] = await Promise.all([
    sts.send(new GetCallerIdentityCommand({})),
    s3.send(new CreateBucketCommand({ Bucket: object.Bucket })),
  ]);
  await s3.send(new PutObjectCommand({ ...object, Body: 'hola' }));
  const { Body } = await s3.send(new GetObjectCommand(object));
  return { Arn, body: await Body.transformToString() };
}
main().then((result) => console.log(JSON.stringify(result)));
`;

/** What it prints. */
export const SDK_OUTPUT = JSON.stringify({
  Arn: 'arn:aws:sts::111122223333:assumed-role/ExampleRole/1234',
  body: 'hola',
});
