import { createHash } from 'node:crypto';

import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signWithSecret, type RawRequest } from '@rolesanywhere/emulator';

import { s3Client, serve, sessionOf, user, type Served } from './clients.js';

const session = sessionOf();
const other = sessionOf({ accessKeyId: 'ASIAEXAMPLESESSION02', sessionToken: 'token-of-the-other-session' });
const { sessionToken: _token, ...tokenless } = session;

let now = new Date();
let served: Served;
beforeAll(async () => {
  served = await serve({
    clock: () => now,
    findSession: (id) => [session, other].find(({ accessKeyId }) => accessKeyId === id),
  });
  await s3Client(served.url, user).send(new CreateBucketCommand({ Bucket: 'bucket' }));
});
afterAll(() => served.close());

const signed = (parts: Partial<RawRequest>): RawRequest =>
  signWithSecret(
    {
      method: 'GET',
      target: '/bucket',
      rawHeaders: [['Host', '127.0.0.1']],
      body: new Uint8Array(),
      ...parts,
    },
    user,
    { region: 'us-east-1', service: 's3', at: now },
  );
const codeOf = async (request: RawRequest) => {
  const { body } = await served.aws.handle(request);
  return /<Code>(\w+)<\/Code>/.exec(Buffer.from(body).toString())?.[1];
};

describe('a real client is refused for', () => {
  test.each([
    ['a wrong secret', { ...session, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
    ['an unknown key', { ...session, accessKeyId: 'ASIAUNKNOWN' }, 'InvalidAccessKeyId'],
    ['no session token', tokenless, 'InvalidAccessKeyId'],
    ['the token of another session', { ...session, sessionToken: other.sessionToken }, 'InvalidToken'],
    ['a token with a key that has none', { ...user, sessionToken: 'foreign' }, 'InvalidToken'],
  ])('%s', async (_, credentials, name) => {
    const httpStatusCode = name === 'InvalidToken' ? 400 : 403;
    const sent = s3Client(served.url, credentials).send(new ListObjectsV2Command({ Bucket: 'bucket' }));
    await expect(sent).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  test('an expired session', async () => {
    const client = s3Client(served.url, session, { systemClockOffset: 3_700_000 });
    now = new Date(Date.now() + 3_700_000);
    const sent = client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
    await expect(sent).rejects.toMatchObject({ name: 'ExpiredToken', $metadata: { httpStatusCode: 400 } });
    now = new Date();
  });

  test.each([3_600_000, -3_600_000])('a clock %i ms off', async (systemClockOffset) => {
    const client = s3Client(served.url, session, { systemClockOffset });
    const sent = client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
    await expect(sent).rejects.toMatchObject({
      name: 'RequestTimeTooSkewed',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('a clock an hour off, which with its usual retries it sets right by the Date of the answer', async () => {
    now = new Date(Date.now() + 3_600_000);
    const client = s3Client(served.url, user, { maxAttempts: 3 });
    const { $metadata } = await client.send(new ListObjectsV2Command({ Bucket: 'bucket' }));
    expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
    now = new Date();
  });

  test.each<[string, (request: Record<string, unknown>) => void, string]>([
    ['a tampered path', (request) => (request['path'] = '/bucket/other'), 'SignatureDoesNotMatch'],
    ['a tampered query', (request) => (request['query'] = { a: '1' }), 'SignatureDoesNotMatch'],
    ['a tampered method', (request) => (request['method'] = 'DELETE'), 'SignatureDoesNotMatch'],
    ['a tampered body', (request) => (request['body'] = 'HELLO'), 'XAmzContentSHA256Mismatch'],
    [
      'a tampered header',
      (request) => setHeader(request, 'content-type', 'text/html'),
      'SignatureDoesNotMatch',
    ],
    [
      'a tampered payload hash',
      (request) => setHeader(request, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD'),
      'SignatureDoesNotMatch',
    ],
    ['an added header', (request) => setHeader(request, 'x-amz-acl', 'public-read'), 'AccessDenied'],
    ['no signature at all', (request) => setHeader(request, 'authorization', undefined), 'AccessDenied'],
    [
      'a signature of the older version',
      (request) => setHeader(request, 'authorization', 'AWS AKID:c2ln'),
      'InvalidRequest',
    ],
  ])('%s', async (_, tamper, name) => {
    const client = s3Client(served.url, session);
    client.middlewareStack.add(
      (next) => (args) => {
        // Signing is done: what goes out from here is not what was signed.
        if (isRecord(args.request)) tamper(args.request);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const sent = client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'hello' }));
    await expect(sent).rejects.toMatchObject({ name });
    const read = s3Client(served.url, session).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }));
    await expect(read).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a raw request is refused for', () => {
  const xml = (text: string) =>
    signed({
      method: 'POST',
      target: '/bucket?delete',
      body: Buffer.from(text),
      rawHeaders: [
        ['Host', 'h'],
        ['Content-MD5', md5(text)],
      ],
    });

  test.each([
    ['an escape that is none', '/bucket/%zz', 'InvalidURI'],
    ['bytes that are no UTF-8', '/bucket/%ff', 'InvalidURI'],
    ['bytes that should be escaped', '/bucket/\u00c3\u00bc', 'InvalidURI'],
    ['a key of 1025 bytes', `/bucket/${'x'.repeat(1025)}`, 'KeyTooLongError'],
    ['a parameter it does not know', '/bucket?versioning', 'NotImplemented'],
    ['a version', '/bucket/key?versionId=1', 'NotImplemented'],
  ])('%s', async (_, target, code) => {
    expect(await codeOf(signed({ target }))).toBe(code);
  });

  test('a method that means nothing', async () => {
    expect(await codeOf(signed({ method: 'PATCH' }))).toBe('MethodNotAllowed');
    expect(await codeOf(signed({ method: 'POST', target: '/' }))).toBe('MethodNotAllowed');
  });

  test('a copy, which is not built', async () => {
    const rawHeaders = [
      ['Host', 'h'],
      ['x-amz-copy-source', '/bucket/other'],
    ] as const;
    expect(await codeOf(signed({ method: 'PUT', target: '/bucket/key', rawHeaders }))).toBe('NotImplemented');
  });

  test.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['XML that does not end', '<Delete><Object><Key>a</Key></Object>'],
    ['another root', '<Other><Object><Key>a</Key></Object></Other>'],
    ['no object', '<Delete></Delete>'],
    ['no key', '<Delete><Object></Object></Delete>'],
    ['a document type', '<!DOCTYPE d [<!ENTITY e "a">]><Delete><Object><Key>&e;</Key></Object></Delete>'],
    ['1001 objects', `<Delete>${'<Object><Key>a</Key></Object>'.repeat(1001)}</Delete>`],
    ['100,000 levels', `<Delete>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</Delete>`],
  ])('a list to delete with %s', async (_, text) => {
    expect(await codeOf(xml(text))).toBe('MalformedXML');
  });

  test('a list to delete without a checksum', async () => {
    const body = Buffer.from('<Delete><Object><Key>a</Key></Object></Delete>');
    expect(await codeOf(signed({ method: 'POST', target: '/bucket?delete', body }))).toBe('InvalidRequest');
  });

  test('the signature of version 2, presigned or in a header, with what to use instead', async () => {
    const presigned = { target: '/bucket/key?AWSAccessKeyId=A&Signature=b&Expires=1', rawHeaders: [] };
    expect(await codeOf({ ...signed({}), ...presigned })).toBe('InvalidRequest');
    const header = { rawHeaders: [['Host', 'h'] as const, ['Authorization', 'AWS A:b'] as const] };
    const { body } = await served.aws.handle({ ...signed({}), ...header });
    expect(body).toContain('Please use AWS4-HMAC-SHA256.');
  });

  test('a request for a service that is not here', async () => {
    const request = signWithSecret(
      { method: 'GET', target: '/', rawHeaders: [['Host', 'h']], body: new Uint8Array() },
      user,
      { region: 'us-east-1', service: 'iam', at: now },
    );
    expect(await codeOf(request)).toBe('AuthorizationHeaderMalformed');
  });

  test('HEAD, with a status and no body', async () => {
    const answer = await served.aws.handle({ ...signed({}), method: 'HEAD' });
    expect(answer).toMatchObject({ status: 403, body: '' });
  });

  test('what it asks, in text that cannot become markup', async () => {
    const { body } = await served.aws.handle(signed({ target: '/bucket/%3Cb%3E%26' }));
    expect(body).toContain('&lt;b&gt;&amp;');
    expect(body).not.toContain('<b>');
  });
});

function setHeader(request: Record<string, unknown>, name: string, value: string | undefined): void {
  const headers = request['headers'];
  if (!isRecord(headers)) return;
  if (value === undefined) delete headers[name];
  else headers[name] = value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}
