import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { s3Client, serve, user, type Served } from './clients.js';

const Bucket = 'bucket';
const MINIMUM = 5_242_880;
let served: Served;
let s3: S3Client;

beforeAll(async () => {
  served = await serve();
  s3 = s3Client(served.url, user);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  await served.close();
});

async function begin(Key: string): Promise<{ Bucket: string; Key: string; UploadId: string }> {
  const { UploadId = '' } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/plain', Metadata: { a: 'b' } }),
  );
  return { Bucket, Key, UploadId };
}

async function send(upload: object, PartNumber: number, Body: Uint8Array): Promise<CompletedPart> {
  const input = { Bucket, Key: '', UploadId: '', ...upload, PartNumber, Body };
  const { ETag = '', ChecksumCRC32 = '' } = await s3.send(new UploadPartCommand(input));
  return { PartNumber, ETag, ChecksumCRC32 };
}

const complete = (upload: { Bucket: string; Key: string; UploadId: string }, Parts: CompletedPart[]) =>
  s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));

test('parts sent in any order become one object in the order of their numbers', async () => {
  const upload = await begin('a b/ü');
  const second = await send(upload, 7, Buffer.from('end'));
  const first = await send(upload, 2, Buffer.alloc(MINIMUM, 'a'));
  const { Parts } = await s3.send(new ListPartsCommand(upload));
  expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
    [2, MINIMUM],
    [7, 3],
  ]);
  const { ETag } = await complete(upload, [first, second]);
  expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: upload.Key }));
  expect(head).toMatchObject({
    ContentLength: MINIMUM + 3,
    ETag,
    ContentType: 'text/plain',
    Metadata: { a: 'b' },
  });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: upload.Key, Range: 'bytes=-5' }));
  expect(await Body?.transformToString()).toBe('aaend');
});

test('a part sent again takes the place of the first', async () => {
  const upload = await begin('again');
  const old = await send(upload, 1, Buffer.from('old'));
  const part = await send(upload, 1, Buffer.from('new'));
  await expect(complete(upload, [old])).rejects.toMatchObject({ name: 'InvalidPart' });
  await complete(upload, [part]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'again' }));
  expect(await Body?.transformToString()).toBe('new');
});

test('an upload is listed until it is aborted, and then there is none', async () => {
  const upload = await begin('aborted');
  const listed = async () => {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'abort' }));
    return Uploads.map(({ UploadId }) => UploadId);
  };
  expect(await listed()).toEqual([upload.UploadId]);
  const part = await send(upload, 1, Buffer.from('x'));
  await s3.send(new AbortMultipartUploadCommand(upload));
  expect(await listed()).toEqual([]);
  const gone = { name: 'NoSuchUpload', $metadata: { httpStatusCode: 404 } };
  await expect(send(upload, 2, Buffer.from('x'))).rejects.toMatchObject(gone);
  await expect(complete(upload, [part])).rejects.toMatchObject(gone);
  const read = s3.send(new GetObjectCommand({ Bucket, Key: 'aborted' }));
  await expect(read).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('a completion is refused for parts that are missing, out of order, too small or none at all', async () => {
  const upload = await begin('bad');
  const one = await send(upload, 1, Buffer.from('small'));
  const two = await send(upload, 2, Buffer.from('small'));
  await expect(complete(upload, [{ ...one, PartNumber: 3 }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete(upload, [one, two])).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete(upload, [])).rejects.toMatchObject({ name: 'MalformedXML' });
  const big = await send(upload, 3, Buffer.alloc(MINIMUM));
  await expect(complete(upload, [big, two])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
});

test('a completion is refused for a checksum that is not the one of its part', async () => {
  const upload = await begin('checksum');
  const part = await send(upload, 1, Buffer.from('123456789'));
  for (const wrong of [{ ChecksumCRC32: 'AAAAAA==' }, { ChecksumSHA1: 'AAAA' }])
    await expect(complete(upload, [{ ...part, ...wrong }])).rejects.toMatchObject({
      name: 'InvalidPart',
      $metadata: { httpStatusCode: 400 },
    });
  expect(part.ChecksumCRC32).toBe('y/Q5Jg==');
  await complete(upload, [{ ...part, ChecksumCRC64NVME: 'rosUhgp5mIg=' }]);
});

test('an upload belongs to its key', async () => {
  const upload = await begin('mine');
  const part = await send(upload, 1, Buffer.from('x'));
  const other = { ...upload, Key: 'other' };
  await expect(complete(other, [part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('part numbers go from 1 to 10000', async () => {
  const upload = await begin('numbers');
  await expect(send(upload, 10_000, Buffer.from('x'))).resolves.toMatchObject({ PartNumber: 10_000 });
  await expect(send(upload, 10_001, Buffer.from('x'))).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('the checksum of the whole object is checked where it is given', async () => {
  const upload = await begin('whole');
  const { PartNumber, ETag } = await send(upload, 1, Buffer.from('123456789'));
  const finish = (ChecksumCRC64NVME: string) =>
    s3.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        ChecksumType: 'FULL_OBJECT',
        ChecksumCRC64NVME,
        MultipartUpload: { Parts: [{ PartNumber, ETag }] },
      }),
    );
  await expect(finish('AAAAAAAAAAA=')).rejects.toMatchObject({ name: 'BadDigest' });
  await finish('rosUhgp5mIg=');
});
