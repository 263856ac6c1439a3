import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RawRequest } from '../src/http.js';
import type { Listening } from '../src/index.js';
import { createTestWorld, issueTestCertificates, type TestWorld } from './support/create-test-world.js';

let world: TestWorld;
let listening: Listening;

beforeAll(async () => {
  world = createTestWorld({ certificates: await issueTestCertificates() });
  listening = await world.emulator.listen();
});

afterAll(() => listening.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}
type Send = (request: RawRequest) => Promise<Answer>;

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const pure: Send = async (request) => {
  const { status, headers, body } = await world.emulator.handle(request);
  const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status,
    headers: Object.fromEntries(lowerCased),
    body: JSON.parse(Buffer.from(body).toString('utf8')),
  };
};

const inProcess: Send = async ({ method, target, rawHeaders, body }) => {
  const url = new URL(target, 'http://127.0.0.1:8080');
  const { response } = await world.emulator.requestHandler.handle({
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    port: 8080,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(rawHeaders),
    body,
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(await textOf(response.body)),
  };
};

/** Without a content length, so that the body travels in chunks. */
const overThePort: Send = ({ method, target, rawHeaders, body }) =>
  new Promise((resolve, reject) => {
    const request = httpRequest(
      `${listening.url}${target}`,
      { method, headers: Object.fromEntries(rawHeaders) },
      (response) => {
        textOf(response).then(
          (text) =>
            resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) }),
          reject,
        );
      },
    );
    request.on('error', reject);
    request.write(body);
    request.end();
  });

describe.each<[string, Send]>([
  ['as a pure function', pure],
  ['in process', inProcess],
  ['over a port', overThePort],
])('the emulator %s', (_, send) => {
  test('grants a session', async () => {
    const answer = await send(world.sign());
    expect(answer).toMatchObject({ status: 201, body: { credentialSet: [{ roleArn: world.roleArn }] } });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      date: 'Wed, 04 Mar 2026 05:06:07 GMT',
      'x-amzn-requestid': expect.any(String),
    });
  });

  test('refuses with the error type in a header', async () => {
    const answer = await send({ ...world.sign(), body: Buffer.from('{}') });
    expect(answer).toMatchObject({
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: { message: 'Invalid signature' },
    });
  });

  test('answers another route with 404', async () => {
    expect(await send(world.sign({ path: '/elsewhere' }))).toMatchObject({ status: 404 });
  });
});

const headersOf = (request: RawRequest): Record<string, string> => Object.fromEntries(request.rawHeaders);

describe('the in-process handler', () => {
  const parts = { method: 'POST', hostname: 'rolesanywhere.us-east-1.amazonaws.com', path: '/sessions' };
  const send = (change: object) =>
    world.emulator.requestHandler.handle({
      ...parts,
      headers: headersOf(world.sign({ host: parts.hostname })),
      query: world.arns,
      ...change,
    });
  test.each<[string, unknown]>([
    ['text', '{"durationSeconds":900}'],
    ['bytes', new TextEncoder().encode('{"durationSeconds":900}')],
    ['an array buffer', new TextEncoder().encode('{"durationSeconds":900}').buffer],
    ['a stream', new Blob(['{"durationSeconds":900}']).stream()],
  ])('takes a body of %s', async (_, body) => {
    expect((await send({ body })).response.statusCode).toBe(201);
  });

  test('adds the host where the request has none', async () => {
    const { Host: _, ...headers } = headersOf(world.sign({ host: parts.hostname }));
    expect((await send({ headers, body: '{"durationSeconds":900}' })).response.statusCode).toBe(201);
  });

  test('writes query values as the SDK does', async () => {
    const query = { ...world.arns, "odd!'()*": 'ü &=+', list: ['b', 'a'], flag: null };
    await send({ query, body: '' });
    expect(world.verdicts.at(-1)?.target).toContain(
      '/sessions?flag&list=b&list=a&odd%21%27%28%29%2A=%C3%BC%20%26%3D%2B&profileArn=arn%3Aaws%3A',
    );
  });

  test('refuses a body that it cannot read', async () => {
    await expect(send({ body: 5 })).rejects.toThrow('neither text, bytes nor a stream');
  });

  test('rejects when the caller has given up', async () => {
    const abortSignal = AbortSignal.abort();
    await expect(
      world.emulator.requestHandler.handle({ ...parts, headers: {} }, { abortSignal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('has the other members of an SDK handler', () => {
    const { requestHandler } = world.emulator;
    expect(requestHandler.metadata).toEqual({ handlerProtocol: 'http/1.1' });
    expect(requestHandler.httpHandlerConfigs()).toEqual({});
    expect(requestHandler.destroy()).toBeUndefined();
  });
});
