import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listen, type Listening, type RawRequest } from '@rolesanywhere/emulator';

import { createAwsStandIn } from '../src/index.js';
import { s3Client, user } from './clients.js';

const Bucket = 'bucket';
const MEBIBYTE = 1_048_576;
const large = randomBytes(12 * MEBIBYTE);

let served: Listening;
let s3: S3Client;
/** Everything that came over the wire since the test began. */
let seen: RawRequest[] = [];

beforeAll(async () => {
  const { handle } = createAwsStandIn({ users: [user] });
  const recorded = (request: RawRequest) => {
    seen.push(request);
    return handle(request);
  };
  served = await listen(recorded, { maximumBodyBytes: 64 * MEBIBYTE });
  s3 = s3Client(served.url, user);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  await served.close();
});
beforeEach(() => {
  seen = [];
});

describe('Upload of @aws-sdk/lib-storage', () => {
  test.each([
    ['bytes', () => large],
    ['a stream of unknown length', () => Readable.from(slices(large, 700_001))],
  ])('sends 12 MiB of %s in three parts, which come back as they were', async (_, body) => {
    const Key = 'a b/ü.bin';
    const upload = new Upload({
      client: s3,
      params: { Bucket, Key, Body: body(), ContentType: 'application/x-large' },
      partSize: 5 * MEBIBYTE,
    });
    const { ETag, Location } = await upload.done();
    expect(ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect(Location).toContain('a%20b/%C3%BC.bin');
    const numbers = seen.flatMap(({ target }) => /partNumber=(\d)/.exec(target)?.[1] ?? []);
    expect(new Set(numbers)).toEqual(new Set(['1', '2', '3']));
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ ContentLength: large.length, ContentType: 'application/x-large', ETag });
    expect(sha256((await got.Body?.transformToByteArray()) ?? [])).toBe(sha256(large));
  });

  test('leaves nothing behind when a part is tampered with on its way', async () => {
    const tampering = s3Client(served.url, user);
    tampering.middlewareStack.add(
      (next) => (args) => {
        // Signing is done: what goes out from here is not what was signed.
        // A cast, because the types say nothing of the request; here it is always one of HTTP.
        const request = args.request as { query?: Record<string, unknown> };
        if (request.query?.['partNumber'] === '2') request.query['partNumber'] = '3';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const params = { Bucket, Key: 'tampered', Body: large };
    const upload = new Upload({ client: tampering, params, partSize: 5 * MEBIBYTE, queueSize: 1 });
    await expect(upload.done()).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads ?? []).toEqual([]);
    const head = s3.send(new HeadObjectCommand({ Bucket, Key: 'tampered' }));
    await expect(head).rejects.toMatchObject({ name: 'NotFound' });
    tampering.destroy();
  });
});

describe('the AWS SDK with its defaults', () => {
  test('sends the checksum of bytes in a header', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'bytes', Body: 'hello world' }));
    expect(header('x-amz-checksum-crc32')).toBe('DUoRhQ==');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'bytes' }));
    expect(got.ChecksumCRC32).toBe('DUoRhQ==');
    expect(await got.Body?.transformToString()).toBe('hello world');
  });

  test('streams 12 MiB in aws-chunked with the checksum in a trailer', async () => {
    const Body = Readable.from(slices(large, 65_536));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: large.length }));
    expect(header('content-encoding')).toBe('aws-chunked');
    expect(header('x-amz-content-sha256')).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
    expect(header('x-amz-trailer')).toBe('x-amz-checksum-crc32');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    expect(got.ContentEncoding).toBeUndefined();
    expect(sha256((await got.Body?.transformToByteArray()) ?? [])).toBe(sha256(large));
  });

  test('waits with a body of 3 MB until the answer 100 Continue', async () => {
    const before = performance.now();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'expect', Body: large.subarray(0, 3_000_000) }));
    expect(header('expect')).toBe('100-continue');
    // Without the answer the SDK would send the body after six seconds of waiting.
    expect(performance.now() - before).toBeLessThan(5_000);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'expect' }));
    expect(head.ContentLength).toBe(3_000_000);
  });
});

/** A header of the first request of the test. */
function header(name: string): string | undefined {
  return seen[0]?.rawHeaders.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

function slices(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => index * size);
  return starts.map((start) => bytes.subarray(start, start + size));
}

function sha256(bytes: Uint8Array | readonly number[]): string {
  return createHash('sha256').update(Buffer.from(bytes)).digest('hex');
}
