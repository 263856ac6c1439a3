import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault, Listening } from '../src/index.js';
import {
  createTestWorld,
  issueTestCertificates,
  type TestCertificates,
  type TestWorld,
} from './support/create-test-world.js';
import { TEST_DATE } from './support/sign-test-request.js';

let certificates: TestCertificates;
let world: TestWorld;
let listening: Listening;

beforeAll(async () => {
  certificates = await issueTestCertificates();
  world = createTestWorld({ certificates });
  listening = await world.emulator.listen();
});
afterEach(() => world.emulator.faults.clear());
afterAll(() => listening.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: () => Promise<string>;
}
type Send = (signal?: AbortSignal) => Promise<Answer>;

const overThePort: Send = (signal) =>
  new Promise((resolve, reject) => {
    const { method, target, rawHeaders, body } = world.sign();
    const options = { method, headers: Object.fromEntries(rawHeaders), ...(signal && { signal }) };
    const request = httpRequest(`${listening.url}${target}`, options, (response) => {
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
      );
      resolve({ status: response.statusCode ?? 0, headers, text: () => textOf(response) });
    });
    request.on('error', reject).end(body);
  });

const inProcess: Send = async (abortSignal) => {
  const { method, target, rawHeaders, body } = world.sign();
  const url = new URL(target, 'http://127.0.0.1:8080');
  const { response } = await world.emulator.requestHandler.handle(
    {
      method,
      hostname: '127.0.0.1',
      port: 8080,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(rawHeaders),
      body,
    },
    { abortSignal },
  );
  return {
    status: response.statusCode,
    headers: response.headers,
    text: () => textOf(response.body),
  };
};

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe.each<[string, Send]>([
  ['over a port', overThePort],
  ['in process', inProcess],
])('a fault %s', (_, send) => {
  const meet = async (fault: Fault, signal?: AbortSignal): Promise<Answer> => {
    world.emulator.faults.next(fault);
    return send(signal);
  };

  test('throttles with the service’s type and Retry-After', async () => {
    const { status, headers, text } = await meet({ type: 'throttle', retryAfterSeconds: 7 });
    expect({ status, headers }).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7', 'x-amzn-errortype': 'ThrottlingException' },
    });
    expect(JSON.parse(await text())).toEqual({ message: 'Rate exceeded' });
    expect(await meet({ type: 'throttle' })).toMatchObject({ headers: { date: TEST_DATE.toUTCString() } });
  });

  test('fails with 500, or another status', async () => {
    expect((await meet({ type: 'serverError' })).status).toBe(500);
    const { status, headers } = await meet({ type: 'serverError', status: 503, retryAfterSeconds: 1 });
    expect({ status, after: headers['retry-after'] }).toEqual({ status: 503, after: '1' });
  });

  test('redirects', async () => {
    const { status, headers } = await meet({ type: 'redirect', location: 'https://elsewhere.example/' });
    expect({ status, to: headers['location'] }).toEqual({ status: 301, to: 'https://elsewhere.example/' });
  });

  test('answers with a web page, an empty object, or an empty credential set', async () => {
    const page = await meet({ type: 'webPage' });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<h1>');
    expect(await (await meet({ type: 'emptyObject' })).text()).toBe('{}');
    expect(await (await meet({ type: 'emptyCredentialSet' })).text()).toBe('{"credentialSet":[]}');
  });

  test('gives an expiration in the past, or none', async () => {
    const past = await (await meet({ type: 'expiration', seconds: -60 })).text();
    expect(past).toContain(`"expiration":"${new Date(TEST_DATE.getTime() - 60_000).toISOString()}"`);
    const absent = await (await meet({ type: 'expiration' })).text();
    expect(absent).not.toContain('expiration');
    expect(absent).toContain('"secretAccessKey"');
  });

  test('judges and dates a request by another clock', async () => {
    const { status, headers } = await meet({ type: 'clockSkew', seconds: 600 });
    const date = new Date(TEST_DATE.getTime() + 600_000).toUTCString();
    expect({ status, date: headers['date'] }).toEqual({ status: 403, date });
    expect(world.verdicts.at(-1)).toMatchObject({ outcome: 'refused', reason: 'CLOCK_SKEWED' });
  });

  test('delays an answer', async () => {
    expect((await meet({ type: 'slow', milliseconds: 1 })).status).toBe(201);
  });

  test('lets a body drip', async () => {
    world.emulator.faults.next({ type: 'drip', milliseconds: 0 });
    const answer = await send();
    expect(JSON.parse(await answer.text())).toHaveProperty('credentialSet');
  });

  test('cuts a body off', async () => {
    const { status, text } = await meet({ type: 'truncated', bytes: 20 });
    expect(status).toBe(201);
    await expect(text()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('gives a body without end', async () => {
    const text = await (await meet({ type: 'huge', bytes: 200_000 })).text();
    expect(text).toHaveLength(200_000);
    expect(JSON.parse(text)).toHaveProperty('credentialSet');
  });

  test('cuts the connection instead of an answer', async () => {
    await expect(meet({ type: 'reset' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('never answers', async () => {
    const controller = new AbortController();
    const answer = meet({ type: 'blackHole' }, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('meets one request, in the order they were put in line', async () => {
    const { faults } = world.emulator;
    faults.next({ type: 'throttle' }, { type: 'serverError' });
    faults.next({ type: 'emptyObject' }, { type: 'throttle' });
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await send()).status);
    expect({ statuses, waiting: faults.waiting }).toEqual({ statuses: [429, 500, 201], waiting: 1 });
    faults.clear();
    expect((await send()).status).toBe(201);
  });
});

test('a request that is refused stays refused, whatever would happen to its session', async () => {
  for (const fault of [{ type: 'emptyCredentialSet' }, { type: 'expiration' }] as const) {
    world.emulator.faults.next(fault);
    const answer = await world.emulator.handle({ ...world.sign(), body: Buffer.from('{}') });
    expect(answer.status).toBe(403);
  }
});

test('what a fault answers is no verdict', async () => {
  const before = world.verdicts.length;
  world.emulator.faults.next({ type: 'throttle' });
  await world.emulator.handle(world.sign());
  expect(world.verdicts).toHaveLength(before);
});

test('a schedule decides request by request, after what is in line', async () => {
  const { emulator, sign } = createTestWorld({
    certificates,
    faults: ({ index, at, request }) =>
      index % 2 === 1 && at.getTime() === TEST_DATE.getTime() && request.method === 'POST'
        ? { type: 'serverError', status: 502 }
        : undefined,
  });
  emulator.faults.next({ type: 'throttle' });
  const statuses = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await emulator.handle(sign())).status);
  expect(statuses).toEqual([429, 502, 201, 502]);
});

test('a slow answer waits by the clock that was given', async () => {
  const waits: number[] = [];
  const { emulator, sign } = createTestWorld({
    certificates,
    sleep: async (milliseconds) => void waits.push(milliseconds),
  });
  emulator.faults.next({ type: 'slow', milliseconds: 86_400_000 });
  expect((await emulator.handle(sign())).status).toBe(201);
  expect(waits).toEqual([86_400_000]);
});

test('a quota throttles what comes faster, and fills up again', async () => {
  let now = TEST_DATE.getTime();
  const { emulator, sign } = createTestWorld({
    certificates,
    clock: () => new Date(now),
    createSessionsPerSecond: 2,
    faults: ({ index }) => (index === 5 ? { type: 'emptyObject' } : undefined),
  });
  const statuses = [];
  for (const passed of [0, 0, 0, 499, 1, 60_000, 0, 0]) {
    now += passed;
    statuses.push((await emulator.handle(sign())).status);
    if (passed === 60_000) now -= 60_000;
  }
  expect(statuses).toEqual([201, 201, 429, 429, 201, 201, 201, 429]);
});
