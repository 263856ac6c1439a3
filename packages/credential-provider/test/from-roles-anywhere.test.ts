import { afterEach, describe, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest, HttpResponse, Logger } from '@smithy/types';
import {
  fromRolesAnywhere,
  isRolesAnywhereError,
  SessionError,
  type HttpHandler,
} from '@rolesanywhere/credential-provider';
import { createProvider } from '../src/create-provider.js';
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
import { createVirtualRuntime, type VirtualRuntime } from './support/virtual-runtime.js';

const identity = testIdentity();
const minute = 60_000;
const endpoint = 'https://rolesanywhere.example';
let server: SessionServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(answer: Answer): Promise<SessionServer> {
  server = await startSessionServer(answer);
  return server;
}

/** A service in the process that lives on the virtual clock; answers with `status` once that is set. */
function createService(
  runtime: VirtualRuntime,
): HttpHandler & { requests: HttpRequest[]; answer: (request: HttpRequest) => HttpResponse } {
  const service = {
    requests: new Array<HttpRequest>(),
    answer: (): HttpResponse => ({
      statusCode: 201,
      headers: { Date: new Date(runtime.now()).toUTCString() },
      body: sessionJson({
        expiration: wholeSeconds(runtime.now() + 60 * minute),
        accessKeyId: `ASIA${service.requests.length}`,
      }),
    }),
    async handle(request: HttpRequest) {
      service.requests.push(request);
      return { response: service.answer() };
    },
  };
  return service;
}

const refusal =
  (statusCode: number, message: string, headers: Record<string, string> = {}) =>
  (): HttpResponse => ({
    statusCode,
    headers,
    body: JSON.stringify({ message }),
  });

describe('credentials', () => {
  test('have expiration, account id and an empty source, and are a new object each time', async () => {
    const { url } = await serve(giveSession);
    const provider = fromRolesAnywhere({ ...arns, identity, clientConfig: { endpoint: url } });
    const first = await provider();
    expect(first).toEqual({
      accessKeyId: 'ASIAEXAMPLEEXAMPLE12',
      secretAccessKey: 'secret-of-the-test',
      sessionToken: 'token-of-the-test',
      expiration: expect.any(Date),
      accountId: '111122223333',
      $source: {},
    });
    expect(await provider()).not.toBe(first);
    expect(server?.requests).toHaveLength(1);
  });

  test('come from a function that is marked as memoized', () => {
    expect(fromRolesAnywhere().memoized).toBe(true);
  });

  test('come over one kept connection', async () => {
    const { url, requests } = await serve(giveSession);
    const provider = fromRolesAnywhere({ ...arns, identity, clientConfig: { endpoint: url } });
    await provider();
    await provider({ forceRefresh: true });
    expect(requests[0]?.socket).toBe(requests[1]?.socket);
  });
});

describe('errors', () => {
  test('creating a provider never throws, whatever the options', () => {
    expect(() => fromRolesAnywhere({ trustAnchorArn: 'x', durationSeconds: -1 })).not.toThrow();
  });

  test('without any option the code is NOT_CONFIGURED, and a chain may go on', async () => {
    expect(await rejectionOf(fromRolesAnywhere()())).toMatchObject({
      name: 'CredentialsProviderError',
      code: 'NOT_CONFIGURED',
      tryNextLink: true,
    });
  });

  test.each<[string, object]>([
    ['INVALID_OPTION', { trustAnchorArn: arns.trustAnchorArn }],
    ['INVALID_ARN', { ...arns, identity, roleArn: 'role' }],
    ['IDENTITY_UNAVAILABLE', { ...arns, identity: () => Promise.reject(new Error('x')) }],
  ])('with %s have the name that the SDK knows, and stop a chain', async (code, init) => {
    const error = await rejectionOf(fromRolesAnywhere(init)());
    expect(error).toMatchObject({ name: 'CredentialsProviderError', code, tryNextLink: false });
    expect(isRolesAnywhereError(error)).toBe(true);
  });

  test('of the service keep class, status, request id and metadata', async () => {
    const { url } = await serve(refuseWith(403, 'Certificate revoked'));
    const error = await rejectionOf(
      fromRolesAnywhere({ ...arns, identity, clientConfig: { endpoint: url } })(),
    );
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({
      name: 'CredentialsProviderError',
      status: 403,
      requestId: 'request-1',
      $metadata: { attempts: 1 },
    });
  });
});

describe('storms', () => {
  test('200 clients × 10 calls make one request at start, one at refresh and one at expiry', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    const provider = createProvider(
      { ...arns, identity, clientConfig: { requestHandler: service, endpoint } },
      runtime,
    );
    const storm = async (): Promise<Set<string>> => {
      const calls = Array.from({ length: 2000 }, () => provider());
      return new Set((await Promise.all(calls)).map(({ accessKeyId }) => accessKeyId));
    };
    expect(await storm()).toEqual(new Set(['ASIA1']));
    expect(service.requests).toHaveLength(1);
    await runtime.advance(50 * minute);
    expect(await storm()).toEqual(new Set(['ASIA1']));
    await runtime.advance(0);
    expect(await storm()).toEqual(new Set(['ASIA2']));
    expect(service.requests).toHaveLength(2);
    await runtime.advance(61 * minute);
    expect(await storm()).toEqual(new Set(['ASIA3']));
    expect(service.requests).toHaveLength(3);
  });

  test('an application that is refused from the start makes one call per pause, not one per request', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    service.answer = refusal(403, 'Certificate revoked');
    const provider = createProvider(
      { ...arns, identity, clientConfig: { requestHandler: service, endpoint } },
      runtime,
    );
    for (let elapsed = 0; elapsed < 600; elapsed += 1) {
      expect(await rejectionOf(provider())).toMatchObject({ code: 'ACCESS_DENIED' });
      await runtime.advance(1000);
    }
    expect(service.requests.length).toBeLessThanOrEqual(20);
  });

  test('an outage from minute 5 to the last second of the session is not noticed', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    const good = service.answer;
    const provider = createProvider(
      { ...arns, identity, clientConfig: { requestHandler: service, endpoint, maxAttempts: 1 } },
      runtime,
    );
    await provider();
    await runtime.advance(5 * minute);
    service.answer = refusal(503, 'down');
    for (let elapsed = 5 * 60; elapsed < 3598; elapsed += 1) {
      expect((await provider()).accessKeyId).toBe('ASIA1');
      await runtime.advance(1000);
    }
    expect(service.requests.length).toBeGreaterThan(3);
    expect(service.requests.length).toBeLessThan(16);
    service.answer = good;
    await runtime.advance(2000);
    expect((await provider()).accessKeyId).not.toBe('ASIA1');
  });
});

describe('each attempt', () => {
  test('is signed with its own date', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    const good = service.answer;
    service.answer = refusal(429, 'Rate exceeded', { 'Retry-After': '2' });
    const provider = createProvider(
      { ...arns, identity, clientConfig: { requestHandler: service, endpoint } },
      runtime,
    );
    const asked = provider();
    await runtime.advance(0);
    service.answer = good;
    await runtime.advance(4000);
    await asked;
    const [first, second] = service.requests.map(({ headers }) => headers['x-amz-date']);
    expect(first).toBe('20261125T120000Z');
    expect(second).toMatch(/^20261125T12000[234]Z$/);
  });

  test('after `Invalid signature` from a clock ten minutes off is signed by the service’s clock, which is remembered', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    const ahead = 10 * minute;
    service.answer = () => {
      const now = runtime.now() + ahead;
      const headers = { Date: new Date(now).toUTCString() };
      const signed = service.requests.at(-1)?.headers['x-amz-date'];
      if (signed !== new Date(now).toISOString().replace(/[-:]|\.\d+/g, ''))
        return refusal(403, 'Invalid signature', headers)();
      return { statusCode: 201, headers, body: sessionJson({ expiration: wholeSeconds(now + 60 * minute) }) };
    };
    const warnings: string[] = [];
    const logger = { ...silent, warn: (text: string) => warnings.push(text) };
    const provider = createProvider(
      { ...arns, identity, logger, clientConfig: { requestHandler: service, endpoint } },
      runtime,
    );
    await provider();
    expect(service.requests).toHaveLength(2);
    expect(warnings).toEqual([expect.stringContaining('signing 600 s off')]);
    await provider({ forceRefresh: true });
    expect(service.requests).toHaveLength(3);
    await runtime.advance(59 * minute + 30_000);
    expect(await provider()).toMatchObject({ accessKeyId: expect.any(String) });
  });

  test('is corrected once only', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    service.answer = () => {
      const date = new Date(runtime.now() + service.requests.length * 60 * minute).toUTCString();
      return refusal(403, 'Invalid signature', { Date: date })();
    };
    const provider = createProvider(
      { ...arns, identity, clientConfig: { requestHandler: service, endpoint } },
      runtime,
    );
    expect(await rejectionOf(provider())).toMatchObject({ code: 'CLOCK_SKEWED' });
    expect(service.requests).toHaveLength(2);
  });
});

describe('the calling client', () => {
  test('lends its request handler and application id; its region and credentials are not asked for', async () => {
    const service = createService(createVirtualRuntime());
    service.answer = () => ({ statusCode: 201, headers: {}, body: sessionJson() });
    await fromRolesAnywhere({ ...arns, identity })(caller(service));
    expect(service.requests[0]).toMatchObject({ hostname: 'rolesanywhere.eu-central-1.amazonaws.com' });
    expect(service.requests[0]?.headers['user-agent']).toContain('app/callers-app');
  });

  test('keeps an HTTP/2 handler to itself', async () => {
    const { url } = await serve(giveSession);
    const service = { ...createService(createVirtualRuntime()), metadata: { handlerProtocol: 'h2' } };
    await fromRolesAnywhere({ ...arns, identity, clientConfig: { endpoint: url } })(caller(service));
    expect(service.requests).toHaveLength(0);
    expect(server?.requests).toHaveLength(1);
  });

  test('gives way to what clientConfig says', async () => {
    const { url } = await serve(giveSession);
    const service = createService(createVirtualRuntime());
    const requestHandler = new NodeHttpHandler();
    await fromRolesAnywhere({ ...arns, identity, clientConfig: { endpoint: url, requestHandler } })(
      caller(service),
    );
    expect(service.requests).toHaveLength(0);
    requestHandler.destroy();
  });

  test('does not lend a handler when clientConfig has options for one', async () => {
    const { url } = await serve(giveSession);
    const service = createService(createVirtualRuntime());
    const clientConfig = { endpoint: url, requestHandler: { connectionTimeout: 1000 } };
    await fromRolesAnywhere({ ...arns, identity, clientConfig })(caller(service));
    expect(service.requests).toHaveLength(0);
    expect(server?.requests).toHaveLength(1);
  });
});

describe('the log', () => {
  test('may throw: that costs nobody a session', async () => {
    const runtime = createVirtualRuntime();
    const logger: Logger = { debug: diskFull, info: diskFull, warn: diskFull, error: diskFull };
    const clientConfig = { requestHandler: createService(runtime), endpoint };
    expect(await createProvider({ ...arns, identity, logger, clientConfig }, runtime)()).toMatchObject({
      accessKeyId: 'ASIA1',
    });
  });

  test('warns once in a row of failures that nobody notices, and holds no secret', async () => {
    const runtime = createVirtualRuntime();
    const service = createService(runtime);
    const lines: string[] = [];
    const logger: Logger = {
      debug: (text: string) => lines.push(`debug ${text}`),
      info: (text: string) => lines.push(`info ${text}`),
      warn: (text: string) => lines.push(`warn ${text}`),
      error: (text: string) => lines.push(`error ${text}`),
    };
    const provider = createProvider(
      { ...arns, identity, logger, clientConfig: { requestHandler: service, endpoint, maxAttempts: 1 } },
      runtime,
    );
    await provider();
    service.answer = refusal(503, 'down');
    await runtime.advance(50 * minute);
    for (let elapsed = 0; elapsed < 300; elapsed += 1) {
      await provider();
      await runtime.advance(1000);
    }
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(
        /^warn @rolesanywhere\/credential-provider - fromRolesAnywhere: refresh failed \(SERVICE_FAILED\)/,
      ),
    ]);
    expect(lines.join('\n')).not.toMatch(/secret-of|token-of|ASIA/);
  });
});

const caller = (
  requestHandler: HttpHandler,
): NonNullable<Parameters<ReturnType<typeof fromRolesAnywhere>>[0]> => ({
  callerClientConfig: {
    region: async () => 'us-west-2',
    requestHandler,
    userAgentAppId: async () => 'callers-app',
    get credentials(): never {
      throw new Error('The credentials of the caller were touched.');
    },
  },
});

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function diskFull(): never {
  throw new Error('disk full');
}
