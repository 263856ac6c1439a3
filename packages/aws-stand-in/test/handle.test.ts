import { expect, test } from '@jest/globals';
import { signWithSecret, type RawRequest } from '@rolesanywhere/emulator';
import * as fc from 'fast-check';

import { createAwsStandIn } from '../src/index.js';
import { user } from './clients.js';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const hostHeader: [string, string] = ['Host', 'h'];
const arbitraryRequest = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', ''),
  target: fc.oneof(
    text,
    fc
      .tuple(
        fc.constantFrom('/', '/bucket', '/bucket/key', '/bucket?delete', '/bucket?uploads&', '/?Action='),
        text,
      )
      .map((parts) => parts.join('')),
  ),
  rawHeaders: fc
    .array(
      fc.tuple(
        fc.constantFrom(
          'Content-Type',
          'Authorization',
          'X-Amz-Date',
          'Range',
          'Content-MD5',
          'x-amz-decoded-content-length',
        ),
        text,
      ),
      { maxLength: 3 },
    )
    .map((headers) => [hostHeader].concat(headers)),
  body: fc.uint8Array({ maxLength: 60 }),
});

test('any request gets an answer that is an error of the service, never a crash', async () => {
  const { handle } = createAwsStandIn({ users: [user] });
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, async (request) => {
      const answer = await handle(request);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});

test('any request that is rightly signed gets an answer, never a crash', async () => {
  const { handle } = createAwsStandIn({ users: [user] });
  await handle(
    signed({ method: 'PUT', target: '/bucket', rawHeaders: [['Host', 'h']], body: new Uint8Array() }),
  );
  await fc.assert(
    fc.asyncProperty(arbitraryRequest, async (request) => {
      const answer = await handle(signed(request));
      expect(answer.status).toBeGreaterThanOrEqual(200);
      expect(answer.status).toBeLessThanOrEqual(501);
      expect(answer.status).not.toBe(500);
      expect(answer.headers['x-amz-request-id']).toBeTruthy();
    }),
    { numRuns: 500 },
  );
});

test('the two services do not share signatures: one for S3 is none for STS', async () => {
  const { handle } = createAwsStandIn({ users: [user] });
  const request = {
    method: 'GET',
    target: '/?Action=GetCallerIdentity&Version=2011-06-15',
    rawHeaders: [['Host', 'h']] as const,
    body: new Uint8Array(),
  };
  const forS3 = signWithSecret(request, user, { region: 'us-east-1', service: 's3', at: new Date() });
  const answer = await handle(forS3);
  expect(answer.status).toBe(501);
  const rewritten = forS3.rawHeaders.map(([name, value]) => [name, value.replace('/s3/', '/sts/')] as const);
  expect((await handle({ ...forS3, rawHeaders: rewritten })).status).toBe(403);
});

test.each([
  ['a Host header of dashes', [['Host', `bucket.s3${'-a'.repeat(60_000)}`]] as const, '/'],
  ['a Host header of dots', [['Host', 'a.'.repeat(60_000)]] as const, '/'],
  [
    'blanks in Content-Encoding',
    [
      ['Host', 'h'],
      ['Content-Encoding', `a${' '.repeat(120_000)}b`],
    ] as const,
    '/bucket/key',
  ],
  [
    'a credential in the query',
    [['Host', 'h']] as const,
    `/?X-Amz-Credential=${'%2F12345678%2Fa'.repeat(8_000)}`,
  ],
  ['credentials in the query', [['Host', 'h']] as const, `/?${'&X-Amz-Credential=a'.repeat(6_000)}`],
])('120 KB of %s take under 300 ms', async (_, rawHeaders, target) => {
  const { handle } = createAwsStandIn({ users: [user] });
  const request = { method: 'PUT', target, rawHeaders, body: new Uint8Array() };
  const start = performance.now();
  expect((await handle(signed(request))).status).toBeGreaterThanOrEqual(400);
  expect(performance.now() - start).toBeLessThan(300);
});

function signed(request: RawRequest): RawRequest {
  return signWithSecret(request, user, { region: 'us-east-1', service: 's3', at: new Date() });
}
