import { verify } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { HttpRequest } from '@smithy/types';
import {
  type X509Identity,
  canonicalRequest,
  createX509Identity,
  signRequest,
  stringToSign,
} from '../src/index.js';
import { errorOf } from '../../../tools/test-support/error-of.js';
import { type Issued, issue, issueHierarchy } from './support/issue.js';
import { untyped } from './support/untyped.js';

const signingDate = new Date('2026-11-22T18:08:09.987Z');
const leaf = issue({ subject: 'leaf', serialNumber: '80' });
let identity: X509Identity;
beforeAll(async () => {
  identity = await createX509Identity({ certificate: leaf.pem, key: leaf.key });
});

function request(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    protocol: 'https:',
    hostname: 'rolesanywhere.eu-central-1.amazonaws.com',
    path: '/sessions',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
    ...changes,
  };
}

function sign(changes: Partial<HttpRequest> = {}): Promise<HttpRequest> {
  return signRequest(request(changes), { identity, region: 'eu-central-1', signingDate });
}

function signedHeadersOf(signed: HttpRequest): string {
  return /SignedHeaders=([^,]*)/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '';
}

async function isRightlySigned(signed: HttpRequest, by: Issued): Promise<boolean> {
  const [algorithm, scope, signature] =
    /^(\S+) Credential=\d+\/(\S+), .*Signature=([0-9a-f]+)$/
      .exec(signed.headers['authorization'] ?? '')
      ?.slice(1) ?? [];
  const text = stringToSign({
    algorithm: untyped(algorithm),
    longDate: signed.headers['x-amz-date'] ?? '',
    scope: scope ?? '',
    canonicalRequest: (await canonicalRequest(signed)).text,
  });
  const { X509Certificate } = await import('node:crypto');
  return verify(
    'sha256',
    Buffer.from(text),
    new X509Certificate(by.pem).publicKey,
    Buffer.from(signature ?? '', 'hex'),
  );
}

test('a signed request has date, certificate and authorization, and its signature verifies', async () => {
  const signed = await sign();
  expect(signed.headers).toMatchObject({
    'Content-Type': 'application/json',
    host: 'rolesanywhere.eu-central-1.amazonaws.com',
    'x-amz-date': '20261122T180809Z',
    'x-amz-x509': Buffer.from(leaf.der).toString('base64'),
  });
  expect(signed.headers['authorization']).toMatch(
    /^AWS4-X509-ECDSA-SHA256 Credential=128\/20261122\/eu-central-1\/rolesanywhere\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=[0-9a-f]+$/,
  );
  expect(await isRightlySigned(signed, leaf)).toBe(true);
});

test('the request given is not changed', async () => {
  const given = Object.freeze(
    request({ headers: Object.freeze({ Authorization: 'old' }), query: Object.freeze({ a: 'b' }) }),
  );
  await signRequest(given, { identity, region: 'eu-central-1' });
  expect(given.headers).toEqual({ Authorization: 'old' });
});

test('what an earlier signature left is replaced, whatever its case', async () => {
  const once = await sign();
  const headers = { ...once.headers, 'X-AMZ-Date': 'old', Authorization: 'old', 'X-Amz-X509-Chain': 'old' };
  const twice = await sign({ headers });
  const names = Object.keys(twice.headers).map((name) => name.toLowerCase());
  expect(names.toSorted()).toEqual(['authorization', 'content-type', 'host', 'x-amz-date', 'x-amz-x509']);
  expect(Object.values(twice.headers)).not.toContain('old');
  expect(await isRightlySigned(twice, leaf)).toBe(true);
});

test('every header is signed but those that may change on their way', async () => {
  const headers = {
    'Content-Length': '2',
    'amz-sdk-request': 'attempt=1',
    'x-custom': '1',
    date: 'today',
    'user-agent': 'x',
    traceparent: 'x',
    tracestate: 'x',
    baggage: 'x',
    'accept-encoding': 'gzip',
    'X-Amzn-Trace-Id': 'x',
    'proxy-authorization': 'x',
    'sec-fetch-mode': 'cors',
    connection: 'keep-alive',
  };
  const signed = await sign({ headers });
  expect(signedHeadersOf(signed)).toBe(
    'amz-sdk-request;content-length;date;host;x-amz-date;x-amz-x509;x-custom',
  );
  expect(signed.headers).toMatchObject(headers);
});

test.each([
  [{ port: 8443 }, 'h:8443'],
  [{ port: 443 }, 'h'],
  [{ protocol: 'http:', port: 443 }, 'h:443'],
  [{ protocol: 'http:', port: 80 }, 'h'],
  [{ hostname: '::1', port: 1 }, '[::1]:1'],
  [{ hostname: '[::1]' }, '[::1]'],
])('host for %j is %s', async (changes, host) => {
  expect((await sign({ hostname: 'h', ...changes })).headers['host']).toBe(host);
});

test('a host that is given stays', async () => {
  const signed = await sign({ headers: { Host: 'other:1' } });
  expect(signed.headers['Host']).toBe('other:1');
  expect(signed.headers).not.toHaveProperty('host');
});

test('several values of one header become one line, in their order', async () => {
  const lists: Record<string, string> = untyped({ 'x-many': ['b', 'a'], 'X-Twice': '1', 'x-twice': '2' });
  const signed = await sign({ headers: lists });
  expect(signed.headers).toMatchObject({ 'x-many': 'b,a', 'X-Twice': '1,2' });
  expect(await isRightlySigned(signed, leaf)).toBe(true);
});

test('numbers become text, and headers without a value go', async () => {
  const odd: Record<string, string> = untyped({ 'content-length': 2, 'x-none': undefined });
  const signed = await sign({ headers: odd });
  expect(signed.headers['content-length']).toBe('2');
  expect(signed.headers).not.toHaveProperty('x-none');
});

test('a wrong x-amz-content-sha256 is put right before it is signed', async () => {
  const signed = await sign({ headers: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' }, body: undefined });
  expect(signed.headers['X-Amz-Content-Sha256']).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  expect(await isRightlySigned(signed, leaf)).toBe(true);
});

test('the chain goes into its header, comma separated, issuer of the leaf first', async () => {
  const { leaf: deep, chain } = issueHierarchy(2);
  const chained = await createX509Identity({
    certificate: deep.pem,
    chain: chain.map((c) => c.der),
    key: deep.keyPem,
  });
  const signed = await signRequest(request(), { identity: chained, region: 'eu-central-1' });
  expect(signed.headers['x-amz-x509-chain']).toBe(
    chain.map((c) => Buffer.from(c.der).toString('base64')).join(','),
  );
  expect(await isRightlySigned(signed, deep)).toBe(true);
});

test('an identity literal with plain certificates signs too', async () => {
  const { der, serialNumber, notBefore, notAfter, subject, issuer, keyAlgorithm } = identity.certificate;
  const certificate = { der, serialNumber, notBefore, notAfter, subject, issuer, keyAlgorithm };
  const literal = { ...identity, certificate };
  const signed = await signRequest(request(), { identity: literal, region: 'eu-central-1', signingDate });
  expect(await isRightlySigned(signed, leaf)).toBe(true);
});

test('service and signing date are what the context says', async () => {
  const signed = await signRequest(request(), {
    identity,
    region: 'us-east-1',
    service: 'other',
    signingDate: new Date(0),
  });
  expect(signed.headers['authorization']).toContain('Credential=128/19700101/us-east-1/other/aws4_request');
});

describe('a request that cannot be signed is refused with its reason:', () => {
  test.each([
    ['a stream as body', { body: Readable.from(['x']) }],
    ['a web stream as body', { body: new Blob(['x']).stream() }],
    ['a plain object as body', { body: { a: 1 } }],
    ['a query in the path', { path: '/sessions?a=b' }],
    ['no method', { method: '' }],
    ['half a character in the query', { query: { a: '\ud800' } }],
    ['half a character in the path', { path: '/\ud800' }],
  ])('%s', async (_, changes) => {
    expect((await errorOf(() => sign(changes))).code).toBe('INVALID_OPTION');
  });

  test.each([
    ['a region with a line end', { region: 'eu\n' }],
    ['no region', { region: '' }],
    ['a service with a slash', { region: 'x', service: 'a/b' }],
    ['an invalid date', { region: 'x', signingDate: new Date(Number.NaN) }],
    ['a year of five digits', { region: 'x', signingDate: new Date(8e14) }],
  ])('%s', async (_, context) => {
    expect((await errorOf(() => signRequest(request(), { identity, ...context }))).code).toBe(
      'INVALID_OPTION',
    );
  });
});
