import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import {
  ChecksumAlgorithm,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { s3Client, serve, sessionOf, user, type Served } from './clients.js';

const session = sessionOf();
let served: Served;
let s3: S3Client;
const bucket = 'example-bucket';

beforeAll(async () => {
  served = await serve({
    findSession: (id) => (id === session.accessKeyId ? session : undefined),
    authorize: ({ bucket: name, action, key }) =>
      name !== 'denied-bucket' && !(action === 's3:DeleteObject' && key === 'kept'),
  });
  s3 = s3Client(served.url, session);
});
afterAll(async () => {
  s3.destroy();
  await served.close();
});

let number = 0;
/** A bucket of the test's own. */
let own = '';
beforeEach(async () => {
  number += 1;
  own = `bucket-${number}`;
  await s3.send(new CreateBucketCommand({ Bucket: own }));
});

const put = (Key: string, Body: string | Uint8Array = 'x') =>
  s3.send(new PutObjectCommand({ Bucket: own, Key, Body }));
const textOf = async (Key: string) =>
  (await s3.send(new GetObjectCommand({ Bucket: own, Key }))).Body?.transformToString();

const readA = (input: object) => s3.send(new GetObjectCommand({ Bucket: own, Key: 'a', ...input }));
const writeA = (input: object) =>
  s3.send(new PutObjectCommand({ Bucket: own, Key: 'a', Body: 'two', ...input }));
const list = (input: object) => s3.send(new ListObjectsV2Command({ Bucket: own, ...input }));

describe('buckets', () => {
  test('are created, listed, looked for, located and deleted', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain(bucket);
    expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date);
    const head = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    expect(head.$metadata.httpStatusCode).toBe(200);
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: bucket }));
    expect(LocationConstraint).toBeFalsy();
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: 'NotFound',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('that exist are not created again', async () => {
    await expect(s3.send(new CreateBucketCommand({ Bucket: own }))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('that hold something are not deleted', async () => {
    await put('a');
    await expect(s3.send(new DeleteBucketCommand({ Bucket: own }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test.each(['UPPER', 'ab', 'a..b', '-ab', 'ab-', '192.168.1.1', 'a_b', 'x'.repeat(64)])(
    'are not named %s',
    async (Bucket) => {
      await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
        name: 'InvalidBucketName',
      });
    },
  );

  test('answer what is not there with 404 and its name', async () => {
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'missing' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
      BucketName: 'missing',
      $metadata: { httpStatusCode: 404 },
    });
    const input = { Bucket: 'missing', Key: 'a', Body: 'x' };
    await expect(s3.send(new PutObjectCommand(input))).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('say in which region they are', async () => {
    const there = await serve({ region: 'eu-central-1' });
    const client = s3Client(there.url, user, { region: 'eu-central-1' });
    await client.send(new CreateBucketCommand({ Bucket: own }));
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: own }));
    expect(LocationConstraint).toBe('eu-central-1');
    const elsewhere = s3Client(there.url, user, { region: 'us-west-2' });
    await expect(elsewhere.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      Region: 'eu-central-1',
    });
    await there.close();
  });
});

describe('objects', () => {
  test.each([
    'plain.txt',
    'a b/ü+x.txt',
    '日本語/📄',
    "!-_.*'()",
    '&$@=;:,?/#%[]{}|\\^~`"<>',
    'a//b',
    './a/../b',
    '/leading',
    'trailing/',
    '100%',
    '%41',
    'tab\tline\nreturn\r',
    'a+b',
    'x'.repeat(1024),
  ])('named %p come back as they were put', async (Key) => {
    await put(Key, Key);
    expect(await textOf(Key)).toBe(Key);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: own }));
    expect(Contents?.map((object) => object.Key)).toEqual([Key]);
    await s3.send(new DeleteObjectsCommand({ Bucket: own, Delete: { Objects: [{ Key }] } }));
    expect((await s3.send(new ListObjectsV2Command({ Bucket: own }))).KeyCount).toBe(0);
  });

  test('keep type, metadata and the like, and have the MD5 as their ETag', async () => {
    const answer = await s3.send(
      new PutObjectCommand({
        Bucket: own,
        Key: 'a',
        Body: 'hello',
        ContentType: 'text/plain',
        CacheControl: 'no-store',
        ContentEncoding: 'identity',
        Metadata: { one: '1', two: 'a b' },
      }),
    );
    const etag = `"${createHash('md5').update('hello').digest('hex')}"`;
    expect(answer.ETag).toBe(etag);
    const head = await s3.send(new HeadObjectCommand({ Bucket: own, Key: 'a' }));
    expect(head).toMatchObject({
      ContentLength: 5,
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentEncoding: 'identity',
      ETag: etag,
      Metadata: { one: '1', two: 'a b' },
    });
    expect(head.LastModified).toBeInstanceOf(Date);
  });

  test('may be empty, and may be bytes of any kind', async () => {
    const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
    await put('empty', new Uint8Array());
    await put('bytes', bytes);
    expect(await textOf('empty')).toBe('');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: own, Key: 'bytes' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(Buffer.from(bytes));
  });

  test('that are not there are 404', async () => {
    await expect(textOf('missing')).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
    const head = s3.send(new HeadObjectCommand({ Bucket: own, Key: 'missing' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
  });

  test('are deleted, and once more without complaint', async () => {
    await put('a');
    await s3.send(new DeleteObjectCommand({ Bucket: own, Key: 'a' }));
    await s3.send(new DeleteObjectCommand({ Bucket: own, Key: 'a' }));
    await expect(textOf('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('are deleted many at once, but for those the policy keeps', async () => {
    await Promise.all(['a', 'b', 'kept', ' blank '].map((key) => put(key)));
    const Objects = ['a', 'kept', ' blank ', 'never there'].map((Key) => ({ Key }));
    const answer = await s3.send(new DeleteObjectsCommand({ Bucket: own, Delete: { Objects } }));
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['a', ' blank ', 'never there']);
    expect(answer.Errors).toMatchObject([{ Key: 'kept', Code: 'AccessDenied' }]);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: own }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['b', 'kept']);
  });

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-100', '89', 'bytes 8-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ])('are read in the range %s', async (Range, expected, contentRange) => {
    await put('digits', '0123456789');
    const answer = await s3.send(new GetObjectCommand({ Bucket: own, Key: 'digits', Range }));
    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect(answer.ContentRange).toBe(contentRange);
    expect(await answer.Body?.transformToString()).toBe(expected);
  });

  test.each(['bytes=3-1', 'bytes=a-b', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])(
    'are read whole for the range %s',
    async (Range) => {
      await put('digits', '0123456789');
      const answer = await s3.send(new GetObjectCommand({ Bucket: own, Key: 'digits', Range }));
      expect(answer.$metadata.httpStatusCode).toBe(200);
    },
  );

  test('have no range past their end', async () => {
    await put('digits', '0123456789');
    const sent = s3.send(new GetObjectCommand({ Bucket: own, Key: 'digits', Range: 'bytes=10-' }));
    await expect(sent).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  test('are read and written under conditions', async () => {
    const { ETag } = await put('a', 'one');
    expect((await readA({ IfMatch: ETag })).$metadata.httpStatusCode).toBe(200);
    await expect(readA({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(readA({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(readA({ IfModifiedSince: new Date(Date.now() + 5_000) })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(readA({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(writeA({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(writeA({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await writeA({ IfMatch: ETag });
    expect(await textOf('a')).toBe('two');
  });
});

describe('bodies', () => {
  test('streamed with the default checksum in a trailer arrive whole', async () => {
    const chunks = Array.from({ length: 40 }, (_, index) => Buffer.alloc(10_000 + index, index));
    const all = Buffer.concat(chunks);
    await s3.send(
      new PutObjectCommand({
        Bucket: own,
        Key: 'stream',
        Body: Readable.from(chunks),
        ContentLength: all.length,
      }),
    );
    const { Body, ChecksumCRC32, ContentEncoding } = await s3.send(
      new GetObjectCommand({ Bucket: own, Key: 'stream' }),
    );
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(all)).toBe(true);
    expect(ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    expect(ContentEncoding).toBeUndefined();
  });

  test('above the size for Expect: 100-continue arrive whole', async () => {
    const body = Buffer.alloc(3_000_000, 'z');
    await put('large', body);
    const head = await s3.send(new HeadObjectCommand({ Bucket: own, Key: 'large' }));
    expect(head.ContentLength).toBe(3_000_000);
  });

  test.each([
    ChecksumAlgorithm.CRC32,
    ChecksumAlgorithm.CRC32C,
    ChecksumAlgorithm.SHA1,
    ChecksumAlgorithm.SHA256,
  ])('with the checksum %s are checked and told again', async (algorithm) => {
    const input = { Bucket: own, Key: 'a', Body: 'hello world', ChecksumAlgorithm: algorithm };
    const answer = await s3.send(new PutObjectCommand(input));
    const told = answer[`Checksum${algorithm}`];
    expect(told).toBeTruthy();
    const read = await s3.send(new GetObjectCommand({ Bucket: own, Key: 'a', ChecksumMode: 'ENABLED' }));
    expect(read[`Checksum${algorithm}`]).toBe(told);
    expect(await read.Body?.transformToString()).toBe('hello world');
  });

  test.each([
    ['ChecksumCRC32', 'AAAAAA=='],
    ['ChecksumCRC32C', 'AAAAAA=='],
    ['ChecksumCRC64NVME', 'AAAAAAAAAAA='],
    ['ChecksumSHA256', Buffer.alloc(32).toString('base64')],
    ['ContentMD5', Buffer.alloc(16).toString('base64')],
  ])('with a wrong %s are refused', async (name, value) => {
    const sent = s3.send(new PutObjectCommand({ Bucket: own, Key: 'a', Body: 'x', [name]: value }));
    await expect(sent).rejects.toMatchObject({ name: 'BadDigest', $metadata: { httpStatusCode: 400 } });
    await expect(textOf('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('with a right Content-MD5 are kept, and with one that is none refused', async () => {
    const ContentMD5 = createHash('md5').update('x').digest('base64');
    await s3.send(new PutObjectCommand({ Bucket: own, Key: 'a', Body: 'x', ContentMD5 }));
    const sent = s3.send(new PutObjectCommand({ Bucket: own, Key: 'b', Body: 'x', ContentMD5: 'short' }));
    await expect(sent).rejects.toMatchObject({ name: 'InvalidDigest' });
  });
});

describe('lists', () => {
  const keys = ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'é', '￿', '😀'];
  beforeEach(() => Promise.all(keys.map((key) => put(key))));

  test('are in the order of UTF-8 bytes', async () => {
    const { Contents, IsTruncated, KeyCount, Name, MaxKeys } = await list({});
    expect(Contents?.map(({ Key }) => Key)).toEqual(keys);
    expect({ IsTruncated, KeyCount, Name, MaxKeys }).toEqual({
      IsTruncated: false,
      KeyCount: keys.length,
      Name: own,
      MaxKeys: 1000,
    });
    expect(Contents?.[0]).toMatchObject({ Size: 1, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
  });

  test('are cut by prefix and delimiter', async () => {
    const root = await list({ Delimiter: '/' });
    expect(root.Contents?.map(({ Key }) => Key)).toEqual(['a', 'd', 'é', '￿', '😀']);
    expect(root.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
    const folder = await list({ Delimiter: '/', Prefix: 'b/' });
    expect(folder.Contents?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2']);
    expect(folder.CommonPrefixes).toEqual([{ Prefix: 'b/c/' }]);
    expect((await list({ Prefix: 'nothing' })).Contents).toBeUndefined();
  });

  test.each([1, 2, 3, 1000])('come in pages of %i', async (pageSize) => {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: own, Delimiter: '/' }))
      found.push(
        ...(page.Contents?.map(({ Key = '' }) => Key) ?? []),
        ...(page.CommonPrefixes?.map(({ Prefix = '' }) => Prefix) ?? []),
      );
    expect(found.toSorted()).toEqual(['a', 'b/', 'd', 'é', '￿', '😀'].toSorted());
  });

  test('begin after a key, and are empty for a maximum of zero', async () => {
    expect((await list({ StartAfter: 'b/2' })).Contents?.map(({ Key }) => Key)?.[0]).toBe('b/c/3');
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test('encode keys when asked', async () => {
    const { Contents, EncodingType } = await list({ EncodingType: 'url', Prefix: 'é' });
    expect(EncodingType).toBe('url');
    expect(Contents?.[0]?.Key).toBe('%C3%A9');
  });

  test('of the first version have markers', async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket: own, MaxKeys: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/1' });
    const next = await s3.send(new ListObjectsCommand({ Bucket: own, Marker: 'b/1', MaxKeys: 1 }));
    expect(next.Contents?.map(({ Key }) => Key)).toEqual(['b/2']);
  });

  test('refuse a token that is none and a maximum that is none', async () => {
    await expect(list({ ContinuationToken: '*' })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject({ name: 'InvalidArgument' });
    await expect(list({ EncodingType: 'other' })).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('what is refused', () => {
  test('is refused by the policy, whether the bucket is there or not', async () => {
    const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
    const input = { Bucket: 'denied-bucket', Key: 'a' };
    await expect(s3.send(new PutObjectCommand({ ...input, Body: 'x' }))).rejects.toMatchObject(denied);
    await expect(s3.send(new GetObjectCommand(input))).rejects.toMatchObject(denied);
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'denied-bucket' }))).rejects.toMatchObject(denied);
  });

  test('what is not built is not implemented, rather than something else', async () => {
    await expect(s3.send(new GetBucketAclCommand({ Bucket: own }))).rejects.toMatchObject({
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('every answer has a request id, errors too', async () => {
    const { $metadata } = await put('a');
    expect($metadata.requestId).toMatch(/^[0-9A-F]{16}$/);
    expect($metadata.extendedRequestId).toBeTruthy();
    await expect(textOf('missing')).rejects.toMatchObject({
      $metadata: { requestId: expect.stringMatching(/^[0-9A-F]{16}$/) },
    });
  });
});

test('a bucket may stand in the name of the host', async () => {
  const hostStyle = s3Client(served.url.replace('127.0.0.1', 'localhost'), session);
  hostStyle.middlewareStack.add(
    (next) => (args) => {
      // Whether bucket.localhost resolves is up to the machine; the signed Host header is what counts.
      if (isRecord(args.request)) args.request['hostname'] = '127.0.0.1';
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await hostStyle.send(new PutObjectCommand({ Bucket: own, Key: 'a b', Body: 'by host' }));
  expect(await textOf('a b')).toBe('by host');
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
