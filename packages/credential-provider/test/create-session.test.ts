import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSession, SessionError, type SessionContext } from '@rolesanywhere/credential-provider';
import { testIdentity } from './support/identity.js';
import { arns, rejectionOf } from './support/options.js';
import {
  giveSession,
  refuseWith,
  sessionJson,
  startSessionServer,
  wholeSeconds,
  type Answer,
  type SessionServer,
} from './support/session-server.js';

const identity = testIdentity();
let open: { close(): Promise<void> } | undefined;

afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function serve(answer: Answer): Promise<SessionServer> {
  const server = await startSessionServer(answer);
  open = server;
  return server;
}

/** A server that treats each connection as it likes. */
async function serveRaw(
  onConnection: (socket: Socket) => void,
): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open = {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}

function send(endpoint: string, context: Partial<SessionContext> = {}): ReturnType<typeof createSession> {
  const { clientConfig, ...rest } = context;
  return createSession(arns, { identity, clientConfig: { endpoint, ...clientConfig }, ...rest });
}

async function failureOf(endpoint: string, context: Partial<SessionContext> = {}): Promise<SessionError> {
  const error = await rejectionOf(send(endpoint, context));
  if (error instanceof SessionError) return error;
  throw new Error('The call failed with something else.', { cause: error });
}

const neverReady = (): Promise<never> => new Promise(() => undefined);
const once = { clientConfig: { maxAttempts: 1 } };

describe('the request', () => {
  test('has the ARNs in the query and only the members that are set in the body', async () => {
    const server = await serve(giveSession);
    await send(server.url);
    const [request] = server.requests;
    expect(request?.method).toBe('POST');
    expect(request?.target).toBe(
      `/sessions?profileArn=${encodeURIComponent(arns.profileArn)}&roleArn=${encodeURIComponent(arns.roleArn)}` +
        `&trustAnchorArn=${encodeURIComponent(arns.trustAnchorArn)}`,
    );
    expect(request?.body).toBe('{}');
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '2' });
  });

  test('has duration, session name and instance properties in the body when they are set', async () => {
    const server = await serve(giveSession);
    await createSession(
      { ...arns, durationSeconds: 900, roleSessionName: 'ci', instanceProperties: { place: 'Köln' } },
      { identity, clientConfig: { endpoint: server.url } },
    );
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      durationSeconds: 900,
      roleSessionName: 'ci',
      instanceProperties: { place: 'Köln' },
    });
  });

  test('keeps the base path of a custom endpoint', async () => {
    const server = await serve(giveSession);
    await send(`${server.url}/base/`);
    expect(server.requests[0]?.target).toMatch(/^\/base\/sessions\?/);
  });

  test('is signed for the region of the trust anchor, with the serial number in decimal', async () => {
    const server = await serve(giveSession);
    await send(server.url);
    expect(server.requests[0]?.headers.authorization).toMatch(
      /^AWS4-X509-ECDSA-SHA256 Credential=255\/\d{8}\/eu-central-1\/rolesanywhere\/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-x509, Signature=[0-9a-f]+$/,
    );
  });

  test('names this package and the application in the User-Agent', async () => {
    const server = await serve(giveSession);
    await send(server.url, { clientConfig: { userAgentAppId: 'my app/1' } });
    expect(server.requests[0]?.headers['user-agent']).toMatch(
      /^rolesanywhere-credential-provider\/\d\S* ua\/2\.1 lang\/js api\/rolesanywhere app\/my-app-1$/,
    );
  });
});

describe('a session', () => {
  test('comes with what the answer says and with the metadata of the call', async () => {
    const server = await serve(giveSession);
    expect(await send(server.url)).toMatchObject({
      credentials: { accessKeyId: 'ASIAEXAMPLEEXAMPLE12', expiration: expect.any(Date) },
      accountId: '111122223333',
      sourceIdentity: 'CN=test',
      $metadata: { httpStatusCode: 201, requestId: 'request-1', attempts: 1, totalRetryDelay: 0 },
    });
  });

  test('comes after a 503, and the second request is signed anew', async () => {
    const server = await serve((response, request, index) =>
      (index === 0 ? refuseWith(503, 'busy') : giveSession)(response, request, index),
    );
    expect((await send(server.url)).$metadata.attempts).toBe(2);
    const [first, second] = server.requests.map(({ headers }) => headers.authorization);
    expect(first).not.toBe(second);
  });

  test('comes after a connection that was cut', async () => {
    const server = await serve((response, request, index) =>
      index === 0 ? void request.socket.destroy() : giveSession(response, request, index),
    );
    expect((await send(server.url)).$metadata.attempts).toBe(2);
  });

  test('comes after throttling, once Retry-After is over', async () => {
    const server = await serve((response, request, index) =>
      (index === 0 ? refuseWith(429, 'Rate exceeded', { 'retry-after': '1' }) : giveSession)(
        response,
        request,
        index,
      ),
    );
    const { $metadata } = await send(server.url);
    expect($metadata.totalRetryDelay).toBeGreaterThanOrEqual(1000);
  });
});

describe('an answer that is no session is RESPONSE_MALFORMED, and not asked for again:', () => {
  test.each<[string, number, string]>([
    ['a web page with 200', 200, '<html>log in</html>'],
    ['201 {}', 201, '{}'],
    ['an empty set', 201, '{"credentialSet":[]}'],
    ['an expiration in the past', 201, sessionJson({ expiration: wholeSeconds(Date.now() - 1000) })],
    ['no expiration', 201, sessionJson().replace('expiration', 'expires')],
    ['half a JSON text', 201, sessionJson().slice(0, 150)],
    ['2 MiB', 201, 'x'.repeat(2 ** 21)],
    ['nothing', 200, ''],
  ])('%s', async (_name, status, body) => {
    const server = await serve((response) => void response.writeHead(status).end(body));
    const error = await failureOf(server.url);
    expect(error.code).toBe('RESPONSE_MALFORMED');
    expect(server.requests).toHaveLength(1);
    expect(JSON.stringify(error) + error.message).not.toMatch(/secret-of|token-of/);
  });

  test('a body without end, of which no more than the limit is read', async () => {
    let written = 0;
    const server = await serve((response) => {
      response.writeHead(201);
      const chunk = Buffer.alloc(2 ** 16, 'x');
      const pour = (): void => {
        while (!response.destroyed && written < 2 ** 30) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', pour);
        }
      };
      pour();
    });
    expect((await failureOf(server.url)).message).toContain('too large');
    expect(written).toBeLessThan(2 ** 24);
  });
});

describe('a refusal', () => {
  test('403 is ACCESS_DENIED with the text, the request id, a likely cause and what to do; one attempt', async () => {
    const server = await serve(
      refuseWith(403, 'Untrusted certificate. Insufficient certificate', {
        'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/',
      }),
    );
    const error = await failureOf(server.url);
    expect(error).toMatchObject({
      code: 'ACCESS_DENIED',
      status: 403,
      requestId: 'request-1',
      serviceCode: 'AccessDeniedException',
      tryNextLink: false,
      $metadata: { httpStatusCode: 403, requestId: 'request-1', attempts: 1, totalRetryDelay: 0 },
    });
    expect(error.message).toContain('"Untrusted certificate. Insufficient certificate"');
    expect(error.message).toContain('digitalSignature');
    expect(error.message).toContain('serial 0xff');
    expect(error.message).toContain(arns.profileArn);
    expect(server.requests).toHaveLength(1);
  });

  test('403 from something that is not the service is said to be that', async () => {
    const server = await serve((response) => void response.writeHead(403).end('<h1>Blocked</h1>'));
    const error = await failureOf(server.url);
    expect(error.code).toBe('ACCESS_DENIED');
    expect(error.message).toContain('in front of');
  });

  test.each([400, 404, 405])('%d is REQUEST_REJECTED, after one attempt', async (status) => {
    const server = await serve(refuseWith(status, '1 validation error detected'));
    const error = await failureOf(server.url);
    expect(error).toMatchObject({ code: 'REQUEST_REJECTED', status });
    expect(error.message).toContain('1 validation error detected');
    expect(server.requests).toHaveLength(1);
  });

  test('a redirect is not followed', async () => {
    const target = await startSessionServer(giveSession);
    const server = await serve(
      (response) => void response.writeHead(301, { location: `${target.url}/sessions` }).end(),
    );
    const error = await failureOf(server.url);
    expect(error).toMatchObject({ code: 'REQUEST_REJECTED', status: 301 });
    expect(error.message).toContain('redirect');
    expect(target.requests).toHaveLength(0);
    await target.close();
  });

  test('`Invalid signature` from a clock ten minutes off is CLOCK_SKEWED; over plain HTTP nothing is corrected', async () => {
    const server = await serve(
      refuseWith(403, 'Invalid signature', { date: new Date(Date.now() + 600_000).toUTCString() }),
    );
    const error = await failureOf(server.url);
    expect(error.code).toBe('CLOCK_SKEWED');
    expect(error.message).toContain('10 minutes behind');
    expect(server.requests).toHaveLength(1);
  });

  test('`Invalid signature` from a right clock is ACCESS_DENIED', async () => {
    const server = await serve(refuseWith(403, 'Invalid signature'));
    expect((await failureOf(server.url)).code).toBe('ACCESS_DENIED');
  });

  test('cannot put lines of its own into a log', async () => {
    const server = await serve(refuseWith(400, 'one\n2026-11-25 root logged in'));
    expect((await failureOf(server.url)).message).not.toContain('\n');
  });
});

describe('trouble with the service', () => {
  test.each([500, 503])('%d three times is SERVICE_FAILED', async (status) => {
    const server = await serve(refuseWith(status, 'sorry'));
    expect(await failureOf(server.url)).toMatchObject({ code: 'SERVICE_FAILED', $metadata: { attempts: 3 } });
    expect(server.requests).toHaveLength(3);
  });

  test('429 with a Retry-After beyond the time limit fails at once', async () => {
    const server = await serve(refuseWith(429, 'Rate exceeded', { 'retry-after': '60' }));
    expect(await failureOf(server.url)).toMatchObject({ code: 'THROTTLED', retryAfterMilliseconds: 60_000 });
    expect(server.requests).toHaveLength(1);
  });

  test('maxAttempts limits the attempts', async () => {
    const server = await serve(refuseWith(500, 'sorry'));
    expect(
      (await failureOf(server.url, { clientConfig: { maxAttempts: async () => 2 } })).$metadata.attempts,
    ).toBe(2);
  });
});

describe('trouble with the network', () => {
  test('a refused connection is NETWORK_FAILED with the cause', async () => {
    const server = await startSessionServer(giveSession);
    await server.close();
    const error = await failureOf(server.url, once);
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', cause: { code: 'ECONNREFUSED' } });
    expect(error.message).toContain('refused');
  });

  test('a name that does not resolve is NETWORK_FAILED', async () => {
    const error = await failureOf('http://no-such-host.invalid', once);
    expect(error.code).toBe('NETWORK_FAILED');
    expect(error.message).toContain('host name was not found');
  });

  test('a reset connection is NETWORK_FAILED after three attempts', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await failureOf(server.url)).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 3 } });
    expect(server.connections()).toBe(3);
  });

  test('an answer that is no HTTP is NETWORK_FAILED, and none of its bytes are kept', async () => {
    const server = await serveRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 201 Created\r\nsecret-of-the-test no header\r\n\r\n')),
    );
    const error = await failureOf(server.url, once);
    expect(error.code).toBe('NETWORK_FAILED');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret|rawPacket/);
  });

  test('half a body is NETWORK_FAILED', async () => {
    const server = await serveRaw((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 201 Created\r\ncontent-length: 900\r\n\r\n{"credentialSet":[{"cred');
        socket.end();
      }),
    );
    expect((await failureOf(server.url, once)).code).toBe('NETWORK_FAILED');
  });

  test('a proxy’s 407 is not taken for the service’s answer', async () => {
    const server = await serve(refuseWith(407, 'who are you'));
    const error = await failureOf(server.url);
    expect(error.code).toBe('NETWORK_FAILED');
    expect(error.message).toContain('the proxy asks for authentication');
    expect(server.requests).toHaveLength(1);
  });
});

describe('the time limit', () => {
  test('ends a call that is never answered', async () => {
    const server = await serve(() => undefined);
    const started = performance.now();
    const error = await failureOf(server.url, { totalTimeoutMilliseconds: 300 });
    expect(error.code).toBe('TIMED_OUT');
    expect(performance.now() - started).toBeLessThan(900);
  });

  test('tries again on a new connection when half of the time is gone', async () => {
    const server = await serve((response, request, index) =>
      index === 0 ? undefined : giveSession(response, request, index),
    );
    expect((await send(server.url, { totalTimeoutMilliseconds: 1000 })).$metadata.attempts).toBe(2);
    expect(server.requests[0]?.socket).not.toBe(server.requests[1]?.socket);
  });

  test('ends a body that only drips', async () => {
    const server = await serve((response) => {
      response.writeHead(201);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const error = await failureOf(server.url, { totalTimeoutMilliseconds: 300 });
    expect(error.code).toBe('TIMED_OUT');
  });

  test('includes the identity', async () => {
    const server = await serve(giveSession);
    const error = await failureOf(server.url, { identity: neverReady, totalTimeoutMilliseconds: 100 });
    expect(error.code).toBe('TIMED_OUT');
    expect(error.message).toContain('identity was not ready');
  });

  test('gives way to the caller’s signal, whose reason it rejects with', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const sent = rejectionOf(send(server.url, { abortSignal: controller.signal }));
    setTimeout(() => controller.abort(reason), 50);
    expect(await sent).toBe(reason);
    expect(await rejectionOf(send(server.url, { abortSignal: controller.signal }))).toBe(reason);
  });
});

describe('the identity', () => {
  test('is read once, however many attempts it takes', async () => {
    const server = await serve(refuseWith(500, 'sorry'));
    let reads = 0;
    await failureOf(server.url, {
      identity: async () => {
        reads += 1;
        return identity;
      },
    });
    expect(reads).toBe(1);
    expect(server.requests).toHaveLength(3);
  });

  test('that cannot be read is an IdentityError with the cause', async () => {
    const cause = new Error('vault sealed');
    const error = await rejectionOf(send('http://127.0.0.1:9', { identity: () => Promise.reject(cause) }));
    expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', cause });
  });

  test('that has expired is refused before anything is sent', async () => {
    const server = await serve(giveSession);
    const expired = testIdentity({ expiration: new Date(Date.now() - 1000) });
    expect(await rejectionOf(send(server.url, { identity: expired }))).toMatchObject({
      code: 'CERTIFICATE_EXPIRED',
    });
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['nothing', async () => undefined],
    ['parts that are no identity', async () => ({ certificate: 'PEM', key: 'PEM' })],
    ['another function', async () => async () => identity],
  ])('whose function gives %s is an IdentityError', async (_what, provider) => {
    // A caller without types.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the wrong type is the point
    const given = provider as unknown as SessionContext['identity'];
    const error = await rejectionOf(send('http://127.0.0.1:9', { identity: given }));
    expect(error).toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
    expect(String(error)).toContain('did not resolve to an X509Identity');
  });

  test('whose key fails is a SigningError with the cause', async () => {
    const cause = new Error('device gone');
    const broken = { ...identity, key: { ...identity.key, sign: () => Promise.reject(cause) } };
    expect(await rejectionOf(send('http://127.0.0.1:9', { identity: broken }))).toMatchObject({
      code: 'SIGNING_FAILED',
    });
  });
});

test('a mistake in the options is reported before anything is read or sent', async () => {
  const error = await rejectionOf(createSession({ ...arns, durationSeconds: 1 }, { identity: neverReady }));
  expect(error).toMatchObject({ code: 'INVALID_OPTION' });
});

test('an error becomes JSON without its cause', async () => {
  const server = await serve(refuseWith(404, 'no'));
  expect(JSON.parse(JSON.stringify(await failureOf(server.url)))).toEqual({
    name: 'SessionError',
    code: 'REQUEST_REJECTED',
    message: expect.any(String),
    status: 404,
    requestId: 'request-1',
  });
});
