import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { RawRequest } from '../../src/http.js';
import type { SecretContext } from '../../src/sigv4/verify-with-secret.js';
import { verifyWithSecret } from '../../src/sigv4/verify-with-secret.js';
import { signWithSecret } from '../../src/sigv4/sign-with-secret.js';
import type { SecretRefusal } from '../../src/sigv4/secret-verdict.js';

/** Examples of the Amazon S3 API Reference and the IAM User Guide, with their published keys and signatures. */
const AKID = 'AKIAIOSFODNN7EXAMPLE';
const S3_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EMPTY = createHash('sha256').digest('hex');
const S3_TIME = new Date('2013-05-24T00:00:00Z');

const documented = (now = S3_TIME): SecretContext => ({
  findSecret: (id) => (id === AKID ? { secretAccessKey: S3_SECRET } : undefined),
  now,
  services: ['s3'],
});

function s3Request(parts: {
  method?: string;
  target: string;
  signed: string;
  signature: string;
  headers?: readonly (readonly [string, string])[];
  hash?: string;
  body?: Uint8Array;
  host?: string;
}): RawRequest {
  return {
    method: parts.method ?? 'GET',
    target: parts.target,
    rawHeaders: [
      ['Host', parts.host ?? 'examplebucket.s3.amazonaws.com'],
      ...(parts.headers ?? []),
      ['x-amz-date', '20130524T000000Z'],
      ['x-amz-content-sha256', parts.hash ?? EMPTY],
      [
        'Authorization',
        `AWS4-HMAC-SHA256 Credential=${AKID}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${parts.signed},Signature=${parts.signature}`,
      ],
    ],
    body: parts.body ?? new Uint8Array(),
  };
}

const edited = (request: RawRequest, from: string, to: string): RawRequest => ({
  ...request,
  body: Buffer.from(Buffer.from(request.body).toString('latin1').replace(from, to), 'latin1'),
});

const chunk = (data: Uint8Array, signature: string) =>
  Buffer.concat([
    Buffer.from(`${data.length.toString(16)};chunk-signature=${signature}\r\n`),
    data,
    Buffer.from(data.length > 0 ? '\r\n' : ''),
  ]);
const parts = (signatures: readonly [string, string, string], end: string) =>
  Buffer.concat([
    chunk(Buffer.alloc(65_536, 'a'), signatures[0]),
    chunk(Buffer.alloc(1024, 'a'), signatures[1]),
    chunk(new Uint8Array(), signatures[2]),
    Buffer.from(end),
  ]);
describe('the examples of the Amazon S3 documentation', () => {
  test('GET of an object with a range', () => {
    const request = s3Request({
      target: '/test.txt',
      headers: [['Range', 'bytes=0-9']],
      signed: 'host;range;x-amz-content-sha256;x-amz-date',
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    });
    expect(verifyWithSecret(request, documented())).toMatchObject({
      ok: true,
      accessKeyId: AKID,
      service: 's3',
    });
  });

  test('PUT of an object whose key has a dollar sign', () => {
    const request = s3Request({
      method: 'PUT',
      target: '/test$file.text',
      headers: [
        ['Date', 'Fri, 24 May 2013 00:00:00 GMT'],
        ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ],
      hash: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      body: Buffer.from('Welcome to Amazon S3.'),
      signed: 'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    });
    expect(verifyWithSecret(request, documented()).ok).toBe(true);
    expect(
      verifyWithSecret({ ...request, body: Buffer.from('Welcome to Amazon S4.') }, documented()),
    ).toMatchObject({
      reason: 'WRONG_PAYLOAD_HASH',
    });
  });

  test.each([
    ['/?lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['/?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('GET of %s', (target, signature) => {
    const request = s3Request({ target, signature, signed: 'host;x-amz-content-sha256;x-amz-date' });
    expect(verifyWithSecret(request, documented()).ok).toBe(true);
  });

  const presigned: RawRequest = {
    method: 'GET',
    target:
      `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${AKID}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request` +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    rawHeaders: [['Host', 'examplebucket.s3.amazonaws.com']],
    body: new Uint8Array(),
  };

  test('a presigned GET, until its last second', () => {
    expect(verifyWithSecret(presigned, documented()).ok).toBe(true);
    expect(verifyWithSecret(presigned, documented(new Date('2013-05-25T00:00:00Z'))).ok).toBe(true);
    expect(verifyWithSecret(presigned, documented(new Date('2013-05-25T00:00:01Z')))).toMatchObject({
      reason: 'EXPIRED_REQUEST',
    });
    expect(verifyWithSecret(presigned, documented(new Date('2013-05-23T23:00:00Z')))).toMatchObject({
      reason: 'SKEWED',
    });
  });

  test.each<[string, (target: string) => string, SecretRefusal]>([
    ['another life', (target) => target.replace('86400', '86401'), 'WRONG_SIGNATURE'],
    ['a life of eight days', (target) => target.replace('86400', '691200'), 'MALFORMED'],
    ['a life of zero', (target) => target.replace('86400', '0'), 'MALFORMED'],
    ['no life', (target) => target.replace('X-Amz-Expires=86400&', ''), 'MALFORMED'],
    ['another key', (target) => target.replace('/test.txt', '/test2.txt'), 'WRONG_SIGNATURE'],
    ['a parameter more', (target) => `${target}&versionId=1`, 'WRONG_SIGNATURE'],
    ['two signatures', (target) => `${target}&X-Amz-Signature=ab`, 'MALFORMED'],
    ['a second signature in disguise', (target) => `${target}&X-Amz-%53ignature=ab`, 'MALFORMED'],
    ['a token that is not signed', (target) => `${target}&X-Amz-Security-Token=t`, 'WRONG_TOKEN'],
    [
      'host not signed',
      (target) => target.replace('SignedHeaders=host', 'SignedHeaders=date'),
      'UNSIGNED_HEADER',
    ],
  ])('a presigned GET with %s is refused', (_, edit, reason) => {
    expect(verifyWithSecret({ ...presigned, target: edit(presigned.target) }, documented())).toMatchObject({
      ok: false,
      reason,
    });
  });

  test('a presigned GET with an x-amz- header that is not signed is refused', () => {
    const request = {
      ...presigned,
      rawHeaders: [...presigned.rawHeaders, ['x-amz-acl', 'public-read'] as const],
    };
    expect(verifyWithSecret(request, documented())).toMatchObject({ reason: 'UNSIGNED_HEADER' });
  });

  const signed = s3Request({
    method: 'PUT',
    target: '/examplebucket/chunkObject.txt',
    host: 's3.amazonaws.com',
    headers: [
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ['Content-Encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', '66560'],
      ['Content-Length', '66824'],
    ],
    hash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    signed:
      'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
    signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    body: parts(
      [
        'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
        '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
        'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
      ],
      '\r\n',
    ),
  });

  test('a PUT in signed chunks', () => {
    const verdict = verifyWithSecret(signed, documented());
    expect(verdict.ok && Buffer.from(verdict.payload).equals(Buffer.alloc(66_560, 'a'))).toBe(true);
  });

  const trailing = s3Request({
    method: 'PUT',
    target: '/examplebucket/chunkObject.txt',
    host: 's3.amazonaws.com',
    headers: [
      ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      ['Content-Encoding', 'aws-chunked'],
      ['x-amz-decoded-content-length', '66560'],
      ['x-amz-trailer', 'x-amz-checksum-crc32c'],
    ],
    hash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    signed:
      'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
    signature: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    body: parts(
      [
        'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
        '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
        '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      ],
      'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
    ),
  });

  test('a PUT in signed chunks with a signed trailer', () => {
    const verdict = verifyWithSecret(trailing, documented());
    expect(verdict.ok && verdict.trailers.get('x-amz-checksum-crc32c')).toBe('sOO8/Q==');
  });

  test.each<[string, RawRequest, SecretRefusal]>([
    ['a byte of a chunk altered', edited(signed, '\r\na', '\r\nb'), 'WRONG_CHUNK_SIGNATURE'],
    ['a chunk signature altered', edited(signed, '=ad80', '=ad81'), 'WRONG_CHUNK_SIGNATURE'],
    [
      'unsigned chunks',
      edited(signed, `;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648`, ''),
      'WRONG_CHUNK_SIGNATURE',
    ],
    ['its end cut off', { ...signed, body: signed.body.subarray(0, 66_000) }, 'MALFORMED_CHUNKS'],
    ['a plain body', { ...signed, body: Buffer.alloc(66_560, 'a') }, 'MALFORMED_CHUNKS'],
    [
      'a trailer that was not announced',
      edited(signed, '\r\n\r\n', '\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'),
      'MALFORMED_CHUNKS',
    ],
    ['the checksum altered', edited(trailing, 'sOO8/Q==', 'sOO8/A=='), 'WRONG_CHUNK_SIGNATURE'],
    [
      'the trailer signature missing',
      edited(
        trailing,
        'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n',
        '',
      ),
      'WRONG_CHUNK_SIGNATURE',
    ],
    ['the trailer missing', edited(trailing, 'x-amz-checksum-crc32c:sOO8/Q==\r\n', ''), 'MALFORMED_CHUNKS'],
  ])('a chunked PUT with %s is refused', (_, request, reason) => {
    expect(verifyWithSecret(request, documented())).toMatchObject({ ok: false, reason });
  });
});

test('the ListUsers example of the IAM documentation verifies', () => {
  const request: RawRequest = {
    method: 'GET',
    target: '/?Action=ListUsers&Version=2010-05-08',
    rawHeaders: [
      ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
      ['Host', 'iam.amazonaws.com'],
      ['X-Amz-Date', '20150830T123600Z'],
      [
        'Authorization',
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
      ],
    ],
    body: new Uint8Array(),
  };
  const context: SecretContext = {
    findSecret: () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }),
    now: new Date('2015-08-30T12:36:00Z'),
    services: ['iam'],
  };
  expect(verifyWithSecret(request, context)).toMatchObject({ ok: true, accessKeyId: 'AKIDEXAMPLE' });
});

const now = new Date('2026-03-04T05:06:07Z');
const session = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: 'not-a-secret',
  sessionToken: 'the/token+of=session1',
  expiration: new Date('2026-03-04T06:00:00Z'),
};
const other = { ...session, accessKeyId: 'ASIAEXAMPLE000000002', sessionToken: 'token2' };
const user = { accessKeyId: 'AKIAEXAMPLE000000003', secretAccessKey: 'also-none' };
const all = [session, other, user];
const contextOf = (change: Partial<SecretContext> = {}): SecretContext => ({
  findSecret: (id) => all.find(({ accessKeyId }) => accessKeyId === id),
  now,
  services: ['sts', 's3'],
  region: 'eu-central-1',
  ...change,
});
const plain: RawRequest = {
  method: 'PUT',
  target: '/bucket/a%20b?x=y%2Fz&x',
  rawHeaders: [
    ['Host', 'localhost:1234'],
    ['Content-Type', 'text/plain'],
    ['X-Amz-Meta-A', 'one'],
    ['x-amz-meta-a', ' two   three '],
    ['User-Agent', 'test'],
  ],
  body: Buffer.from('hello'),
};
const scope = { region: 'eu-central-1', service: 's3', at: now };
const signed = signWithSecret(plain, session, scope);
const set = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  rawHeaders: [...request.rawHeaders.filter(([n]) => n.toLowerCase() !== name), [name, value] as const],
});
const drop = (request: RawRequest, name: string): RawRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.filter(([n]) => n.toLowerCase() !== name),
});

const signedAtDate = (value: string) => {
  // The string to sign is the same: only where the date is read from differs.
  const request = signWithSecret(set(plain, 'date', value), user, { ...scope, service: 'sts' });
  return drop(request, 'x-amz-date');
};

const contextAt = (seconds: number) => contextOf({ now: new Date(now.getTime() + seconds * 1000) });

describe('a session', () => {
  test('verifies what it signed, for S3 and STS, with and without a token', () => {
    for (const credentials of [session, user])
      for (const service of ['s3', 'sts']) {
        const verdict = verifyWithSecret(
          signWithSecret(plain, credentials, { ...scope, service }),
          contextOf(),
        );
        expect(verdict).toMatchObject({
          ok: true,
          accessKeyId: credentials.accessKeyId,
          service,
          region: 'eu-central-1',
        });
      }
  });

  test('may be signed with the Date header in place of X-Amz-Date', () => {
    expect(verifyWithSecret(signedAtDate('Wed, 04 Mar 2026 05:06:07 GMT'), contextOf())).toMatchObject({
      reason: 'UNSIGNED_HEADER',
    });
    expect(verifyWithSecret(signedAtDate('yesterday'), contextOf())).toMatchObject({ reason: 'MALFORMED' });
  });

  test.each<[string, RawRequest, SecretRefusal]>([
    ['no signature', plain, 'MISSING_AUTHORIZATION'],
    ['an older signature version', set(plain, 'authorization', 'AWS AKID:c2ln'), 'MALFORMED'],
    [
      'an asymmetric algorithm',
      set(
        signed,
        'authorization',
        (signed.rawHeaders.at(-1)?.[1] ?? '').replace('AWS4-HMAC', 'AWS4-X509-RSA'),
      ),
      'MALFORMED',
    ],
    [
      'two Authorization headers',
      { ...signed, rawHeaders: [...signed.rawHeaders, signed.rawHeaders.at(-1) ?? ['', '']] },
      'MALFORMED',
    ],
    ['a header and a query', { ...signed, target: `${signed.target}&X-Amz-Signature=00` }, 'MALFORMED'],
    ['no date', drop(signed, 'x-amz-date'), 'MALFORMED'],
    [
      'two dates',
      { ...signed, rawHeaders: [...signed.rawHeaders, ['X-Amz-Date', '20260304T050607Z']] },
      'MALFORMED',
    ],
    ['a date of another day', set(signed, 'x-amz-date', '20260305T050607Z'), 'WRONG_SCOPE'],
    ['another region', signWithSecret(plain, session, { ...scope, region: 'us-east-1' }), 'WRONG_SCOPE'],
    ['another service', signWithSecret(plain, session, { ...scope, service: 'iam' }), 'WRONG_SCOPE'],
    [
      'a clock an hour behind',
      signWithSecret(plain, session, { ...scope, at: new Date('2026-03-04T04:06:07Z') }),
      'SKEWED',
    ],
    [
      'a clock an hour ahead',
      signWithSecret(plain, session, { ...scope, at: new Date('2026-03-04T06:06:07Z') }),
      'SKEWED',
    ],
    [
      'an unknown key',
      signWithSecret(plain, { ...session, accessKeyId: 'ASIAUNKNOWN' }, scope),
      'UNKNOWN_KEY',
    ],
    [
      'no token',
      signWithSecret(
        plain,
        { ...user, accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey },
        scope,
      ),
      'MISSING_TOKEN',
    ],
    [
      'the token of another session',
      signWithSecret(plain, { ...session, sessionToken: other.sessionToken }, scope),
      'WRONG_TOKEN',
    ],
    [
      'a token with a key that has none',
      signWithSecret(plain, { ...user, sessionToken: 'x' }, scope),
      'WRONG_TOKEN',
    ],
    [
      'a wrong secret',
      signWithSecret(plain, { ...session, secretAccessKey: 'wrong' }, scope),
      'WRONG_SIGNATURE',
    ],
    ['another method', { ...signed, method: 'GET' }, 'WRONG_SIGNATURE'],
    ['another path', { ...signed, target: signed.target.replace('a%20b', 'a%20c') }, 'WRONG_SIGNATURE'],
    ['another query', { ...signed, target: `${signed.target}&z` }, 'WRONG_SIGNATURE'],
    ['another header', set(signed, 'content-type', 'text/html'), 'WRONG_SIGNATURE'],
    [
      'another order of a repeated header',
      { ...signed, rawHeaders: signed.rawHeaders.toReversed() },
      'WRONG_SIGNATURE',
    ],
    ['another body', { ...signed, body: Buffer.from('hellp') }, 'WRONG_PAYLOAD_HASH'],
    [
      'no payload hash',
      set(
        drop(signed, 'x-amz-content-sha256'),
        'authorization',
        (signed.rawHeaders.at(-1)?.[1] ?? '').replace('x-amz-content-sha256;', ''),
      ),
      'MISSING_PAYLOAD_HASH',
    ],
    ['an unknown payload hash name', set(signed, 'x-amz-content-sha256', 'STREAMING-NOTHING'), 'MALFORMED'],
    ['a payload hash in upper case', set(signed, 'x-amz-content-sha256', 'A'.repeat(64)), 'MALFORMED'],
    ['another payload hash', set(signed, 'x-amz-content-sha256', 'a'.repeat(64)), 'WRONG_SIGNATURE'],
    ['an x-amz- header added', set(signed, 'x-amz-acl', 'public-read'), 'UNSIGNED_HEADER'],
    ['a signed header removed', drop(signed, 'content-type'), 'UNSIGNED_HEADER'],
  ])('is refused for %s', (_, request, reason) => {
    expect(verifyWithSecret(request, contextOf())).toMatchObject({ ok: false, reason });
  });

  test('another body is refused for STS too', () => {
    const request = signWithSecret(plain, session, { ...scope, service: 'sts' });
    expect(verifyWithSecret({ ...request, body: Buffer.from('x') }, contextOf())).toMatchObject({
      reason: 'WRONG_SIGNATURE',
    });
  });

  test('ends at its expiration', () => {
    const at = new Date('2026-03-04T05:59:59Z');
    const request = signWithSecret(plain, session, { ...scope, at });
    expect(verifyWithSecret(request, contextOf({ now: at })).ok).toBe(true);
    expect(verifyWithSecret(request, contextOf({ now: session.expiration }))).toMatchObject({
      reason: 'EXPIRED_TOKEN',
      accessKeyId: session.accessKeyId,
    });
  });

  test('has a clock window of 900 seconds either way, or what is asked for', () => {
    expect(verifyWithSecret(signed, contextAt(900)).ok).toBe(true);
    expect(verifyWithSecret(signed, contextAt(-900)).ok).toBe(true);
    expect(verifyWithSecret(signed, contextAt(901))).toMatchObject({ reason: 'SKEWED' });
    expect(verifyWithSecret(signed, contextAt(-901))).toMatchObject({ reason: 'SKEWED' });
    expect(verifyWithSecret(signed, { ...contextAt(10), toleranceSeconds: 9 })).toMatchObject({
      reason: 'SKEWED',
    });
  });

  test('no message of a refusal holds secret, token or signature', () => {
    const wrong = signWithSecret(plain, { ...session, sessionToken: other.sessionToken }, scope);
    for (const request of [wrong, { ...signed, method: 'GET' }, set(signed, 'x-amz-acl', 'x')]) {
      const text = JSON.stringify(verifyWithSecret(request, contextOf()));
      for (const secret of [session.secretAccessKey, session.sessionToken, other.sessionToken, 'Signature='])
        expect(text).not.toContain(secret);
    }
  });

  test('a mutated request never verifies as another one and never crashes', () => {
    const target = fc.string({ unit: 'binary', maxLength: 60 });
    const header = fc.tuple(
      fc.constantFrom(
        'authorization',
        'x-amz-date',
        'host',
        'x-amz-security-token',
        'date',
        'x-amz-content-sha256',
      ),
      target,
    );
    fc.assert(
      fc.property(target, header, (text, [name, value]) => {
        expect(verifyWithSecret({ ...signed, target: text }, contextOf()).ok).toBe(false);
        const isSame = signed.rawHeaders.some(([n, v]) => n.toLowerCase() === name && v === value.trim());
        const isHarmless = isSame || name === 'date';
        expect(verifyWithSecret(set(signed, name, value), contextOf()).ok).toBe(isHarmless);
      }),
      { numRuns: 500 },
    );
  });
});

test('signing without a Host header is refused', () => {
  const request: RawRequest = { method: 'GET', target: '/', rawHeaders: [], body: new Uint8Array() };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  expect(() => signWithSecret(request, credentials, { region: 'r', service: 's', at: S3_TIME })).toThrow(
    /Host header/,
  );
});
