import { afterEach, expect, test } from '@jest/globals';
import type { HttpRequest } from '@smithy/types';
import { createTransport } from '../../src/transport/web.js';
import {
  giveSession,
  refuseWith,
  startSessionServer,
  type SessionServer,
} from '../support/session-server.js';

let server: SessionServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function requestTo(url: string): HttpRequest {
  const { protocol, hostname, port } = new URL(url);
  return {
    method: 'POST',
    protocol,
    hostname,
    port: Number(port),
    path: '/base/sessions',
    query: { roleArn: "arn:aws:iam::1:role/it's (a) role*!", b: 'ü' },
    headers: { 'content-type': 'application/json' },
    body: '{}',
  };
}

const { signal } = new AbortController();

test('sends by fetch what was signed, octet for octet', async () => {
  server = await startSessionServer(giveSession);
  const response = await createTransport().send(requestTo(server.url), signal);
  expect(response).toMatchObject({ status: 201, headers: { 'x-amzn-requestid': 'request-1' } });
  expect(server.requests[0]?.target).toBe(
    '/base/sessions?roleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fit%27s%20%28a%29%20role%2A%21&b=%C3%BC',
  );
  expect(server.requests[0]?.body).toBe('{}');
});

test('does not follow a redirect', async () => {
  const target = await startSessionServer(giveSession);
  server = await startSessionServer(refuseWith(307, 'there', { location: target.url }));
  expect((await createTransport().send(requestTo(server.url), signal)).status).toBe(307);
  expect(target.requests).toHaveLength(0);
  await target.close();
});

test('takes a request handler', async () => {
  const transport = createTransport({
    handle: async () => ({ response: { statusCode: 201, headers: { 'X-One': '1' }, body: 'text' } }),
  });
  expect(await transport.send(requestTo('http://127.0.0.1:9'), signal)).toEqual({
    status: 201,
    headers: { 'x-one': '1' },
    body: new TextEncoder().encode('text'),
  });
});

test('refuses options of a NodeHttpHandler', () => {
  expect(() => createTransport({ connectionTimeout: 1 })).toThrow('need Node');
});
