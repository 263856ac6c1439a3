import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createAwsStandIn } from '@rolesanywhere/aws-stand-in';
import {
  createEmulator,
  listen,
  verifyWithSecret,
  type Listening,
  type RawHandler,
} from '@rolesanywhere/emulator';
import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
import { createTargets } from '../../../tools/test-support/create-targets.js';
import { fromPem, fromRolesAnywhere, type RolesAnywhereCredentialProvider } from '../src/index.js';

const REGION = 'eu-central-1';
const BUCKET = 'example-bucket';

let calls = 0;
const emulator = createEmulator({ region: REGION, onVerdict: () => (calls += 1) });
const { findSession } = emulator;
const standIn = createAwsStandIn({ region: REGION, findSession });

/** DynamoDB as far as the signature goes: lists no tables, to whoever has a right to ask. */
const dynamodb: RawHandler = async (request) => {
  const findSecret = (id: string) => findSession(id);
  const verdict = verifyWithSecret(request, { findSecret, now: new Date(), services: ['dynamodb'] });
  const body = JSON.stringify(verdict.ok ? { TableNames: [] } : { __type: verdict.reason });
  return { status: verdict.ok ? 200 : 400, headers: {}, body: Buffer.from(body) };
};

let servers: Record<'rolesAnywhere' | 'aws' | 'dynamodb', Listening>;
let makeProvider: () => RolesAnywhereCredentialProvider;

beforeAll(async () => {
  servers = {
    rolesAnywhere: await emulator.listen(),
    aws: await standIn.listen(),
    dynamodb: await listen(dynamodb),
  };
  const issuer = await issueCertificateAuthority({ subject: 'CN=CA', keyAlgorithm: { type: 'EC' } });
  const server = await issueCertificate({
    subject: 'CN=server',
    issuer,
    serialNumber: 0x1234n,
    keyAlgorithm: { type: 'EC' },
  });
  const targets = createTargets(emulator, { trustAnchorPem: issuer.certificatePem });
  makeProvider = () =>
    fromRolesAnywhere({
      ...targets,
      identity: fromPem({ certificate: server.certificatePem, privateKey: server.privateKeyPem }),
      clientConfig: { endpoint: servers.rolesAnywhere.url },
    });
  await s3(makeProvider()).send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  await Promise.all(Object.values(servers).map((server) => server.close()));
});
beforeEach(() => {
  calls = 0;
});

const s3 = (credentials: RolesAnywhereCredentialProvider): S3Client =>
  new S3Client({ region: REGION, endpoint: servers.aws.url, forcePathStyle: true, credentials });

describe('clients of the AWS SDK', () => {
  test('for S3, STS and DynamoDB share one session', async () => {
    const credentials = makeProvider();
    const sts = new STSClient({ region: REGION, endpoint: servers.aws.url, credentials });
    const tables = new DynamoDBClient({ region: REGION, endpoint: servers.dynamodb.url, credentials });
    const object = { Bucket: BUCKET, Key: 'shared.txt' };
    const [identity, { TableNames }] = await Promise.all([
      sts.send(new GetCallerIdentityCommand({})),
      tables.send(new ListTablesCommand({})),
      s3(credentials).send(new PutObjectCommand({ ...object, Body: 'hola' })),
    ]);
    expect(identity.Arn).toBe('arn:aws:sts::111122223333:assumed-role/ExampleRole/1234');
    expect(TableNames).toEqual([]);
    expect(calls).toBe(1);
  });

  test('presign a download and an upload that anybody can use, and nobody can change', async () => {
    const client = s3(makeProvider());
    const object = { Bucket: BUCKET, Key: 'presigned ü.txt' };
    const upload = await getSignedUrl(client, new PutObjectCommand(object), { expiresIn: 60 });
    const put = await fetch(upload, { method: 'PUT', body: 'por URL' });
    expect(put.status).toBe(200);
    const download = await getSignedUrl(client, new GetObjectCommand(object), { expiresIn: 60 });
    expect(new URL(download).searchParams.get('X-Amz-Security-Token')).not.toBeNull();
    expect(await (await fetch(download)).text()).toBe('por URL');
    expect((await fetch(download.replace('presigned', 'prosigned'))).status).toBe(403);
    expect(calls).toBe(1);
  });

  test('go on with a long upload while the session under it changes', async () => {
    const credentials = makeProvider();
    const client = s3(credentials);
    const object = { Bucket: BUCKET, Key: 'long.bin' };
    const Body = Buffer.alloc(12 * 1024 * 1024, 'a');
    const upload = new Upload({ client, queueSize: 1, params: { ...object, Body } });
    let renewals = Promise.resolve<unknown>(undefined);
    upload.on('httpUploadProgress', () => {
      renewals = renewals.then(() => credentials({ forceRefresh: true }));
    });
    await upload.done();
    await renewals;
    expect(calls).toBeGreaterThan(2);
    const { ContentLength } = await client.send(new HeadObjectCommand(object));
    expect(ContentLength).toBe(Body.length);
  });
});
