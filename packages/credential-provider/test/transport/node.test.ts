import { Agent as HttpAgent, createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Agent, createServer as createTlsServer } from 'node:https';
import { connect, createServer as createNetServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest } from '@smithy/types';
import { issueCertificateAuthority } from '@rolesanywhere/pki';
import { createSession, fromRolesAnywhere, type ClientConfig } from '@rolesanywhere/credential-provider';
import { createTransport } from '../../src/transport/node.js';
import { testIdentity } from '../support/identity.js';
import { arns, rejectionOf } from '../support/options.js';
import {
  giveSession,
  sessionJson,
  startSessionServer,
  type SessionServer,
} from '../support/session-server.js';

const variables = [
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'all_proxy',
  'no_proxy',
];
const identity = testIdentity();
const closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  for (const name of variables) delete process.env[name];
});

afterEach(async () => {
  for (const name of variables) delete process.env[name];
  for (const close of closing.splice(0)) await close();
});

async function serve(): Promise<SessionServer> {
  const server = await startSessionServer(giveSession);
  closing.push(() => server.close());
  return server;
}

function requestTo(url: string): HttpRequest {
  const { protocol, hostname, port } = new URL(url);
  return {
    method: 'POST',
    protocol,
    hostname,
    port: Number(port),
    path: '/sessions',
    headers: {},
    body: '{}',
  };
}

const { signal } = new AbortController();

describe('an own connection', () => {
  test('is kept and used again', async () => {
    const { url, requests } = await serve();
    const transport = createTransport();
    await transport.send(requestTo(url), signal);
    await transport.send(requestTo(url), signal);
    expect(requests[0]?.socket).toBe(requests[1]?.socket);
    transport.close();
  });

  test('is closed with the transport', async () => {
    const { url, requests } = await serve();
    const transport = createTransport();
    await transport.send(requestTo(url), signal);
    const closed = new Promise((resolve) => {
      requests[0]?.socket.once('close', resolve);
    });
    transport.close();
    expect(await closed).toBe(false);
  });

  test('does not keep a finished process alive', async () => {
    const server = createNetServer((socket) => void socket.unref()).unref();
    const port = await listenOn(server);
    const before = liveSockets();
    const controller = new AbortController();
    const transport = createTransport();
    const connected = new Promise((resolve) => {
      server.once('connection', resolve);
    });
    const sent = rejectionOf(transport.send(requestTo(`http://127.0.0.1:${port}`), controller.signal));
    await connected;
    expect(liveSockets()).toBe(before);
    controller.abort();
    await sent;
    server.close();
  });
});

/** Sockets that keep this process alive. */
function liveSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

/** Timers that keep this process alive. */
function liveTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

describe('TLS', () => {
  test('to an endpoint whose certificate is not trusted fails at once and says what to do', async () => {
    const port = await serveTls();
    const error = await rejectionOf(
      createSession(arns, { identity, clientConfig: { endpoint: `https://localhost:${port}` } }),
    );
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 1 } });
    expect(String(error)).toContain('NODE_EXTRA_CA_CERTS');
  });
});

describe('options for a handler', () => {
  test.each([{ requestTimeout: 50 }, { socketTimeout: 50 }])(
    'limit the time for an answer: %j, and the error says so',
    async (requestHandler) => {
      const server = await startSessionServer(() => undefined);
      closing.push(() => server.close());
      const clientConfig = { endpoint: server.url, maxAttempts: 1, requestHandler };
      const error = await rejectionOf(createSession(arns, { identity, clientConfig }));
      expect(error).toMatchObject({ code: 'NETWORK_FAILED' });
      expect(String(error)).toContain('there was no answer in time');
      expect(inspect(error)).toContain('50 ms');
    },
  );

  test('limit the time for a connection, TLS included', async () => {
    const server = createNetServer((socket) => void socket.resume());
    const port = await listenOn(server);
    const clientConfig = {
      endpoint: `https://localhost:${port}`,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 50 },
    };
    const error = await rejectionOf(createSession(arns, { identity, clientConfig }));
    expect(inspect(error)).toContain('There was no connection within 50 ms');
  });

  test('that hold an agent use that one, and leave it open', async () => {
    const { url, requests } = await serve();
    const httpAgent = new HttpAgent({ keepAlive: true });
    const transport = createTransport({ httpAgent });
    await transport.send(requestTo(url), signal);
    // It is the caller's, and so are its connections.
    transport.close();
    await transport.send(requestTo(url), signal);
    expect(requests[1]?.socket).toBe(requests[0]?.socket);
    httpAgent.destroy();
  });

  test('do not keep a finished process alive', async () => {
    const server = createNetServer((socket) => void socket.resume().unref()).unref();
    const port = await listenOn(server);
    const [sockets, timers] = [liveSockets(), liveTimers()];
    const controller = new AbortController();
    const options = { connectionTimeout: 60_000, requestTimeout: 60_000, socketTimeout: 60_000 };
    const connected = new Promise((resolve) => {
      server.once('connection', resolve);
    });
    const sending = createTransport(options).send(requestTo(`http://127.0.0.1:${port}`), controller.signal);
    const sent = rejectionOf(sending);
    await connected;
    expect(liveSockets()).toBeLessThanOrEqual(sockets);
    expect(liveTimers()).toBeLessThanOrEqual(timers);
    controller.abort();
    await sent;
  });
});

describe('a proxy', () => {
  test('that HTTPS_PROXY names gets the connection, with user name and password', async () => {
    const proxy = await serveProxy({ to: await serveTls() });
    process.env['HTTPS_PROXY'] = `http://user:pa%24s@127.0.0.1:${proxy.port}`;
    // Beyond the tunnel stands a server that nobody trusts: its certificate was reached.
    const error = await rejectionOf(fromRolesAnywhere({ ...arns, identity })());
    expect(String(error)).toContain('not trusted');
    expect(proxy.connects).toEqual([
      {
        target: 'rolesanywhere.eu-central-1.amazonaws.com:443',
        authorization: `Basic ${Buffer.from('user:pa$s').toString('base64')}`,
      },
    ]);
  });

  test('that asks for authentication is named, and its 407 is not the service’s', async () => {
    const proxy = await serveProxy({ status: 407 });
    process.env['https_proxy'] = `http://user:wrong-word@127.0.0.1:${proxy.port}`;
    const error = await rejectionOf(fromRolesAnywhere({ ...arns, identity })());
    expect(error).toMatchObject({ code: 'NETWORK_FAILED', $metadata: { attempts: 1 } });
    expect(String(error)).toContain('asks for authentication (407)');
    expect(String(error)).not.toContain('wrong-word');
  });

  test('without a scheme is an HTTP proxy', async () => {
    const proxy = await serveProxy({ status: 407 });
    process.env['HTTPS_PROXY'] = `127.0.0.1:${proxy.port}`;
    await rejectionOf(fromRolesAnywhere({ ...arns, identity })());
    expect(proxy.connects).toHaveLength(1);
  });

  test.each(['socks5://user:pass-word@127.0.0.1:1', 'http://user:pass-word@['])(
    'that is %s is a mistake in the options',
    async (proxy) => {
      process.env['HTTPS_PROXY'] = proxy;
      const error = await rejectionOf(fromRolesAnywhere({ ...arns, identity })());
      expect(error).toMatchObject({ code: 'INVALID_OPTION', tryNextLink: false });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('pass-word');
    },
  );

  test('is passed by for hosts in NO_PROXY', async () => {
    const proxy = await serveProxy({ status: 407 });
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${proxy.port}`;
    process.env['NO_PROXY'] = '.invalid';
    await rejectionOf(
      createSession(arns, { identity, clientConfig: { endpoint: 'https://roles.invalid', maxAttempts: 1 } }),
    );
    expect(proxy.connects).toEqual([]);
  });

  test('is passed by for loopback addresses', async () => {
    const { url, requests } = await serve();
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    await createSession(arns, { identity, clientConfig: { endpoint: url } });
    expect(requests).toHaveLength(1);
  });

  test('of the environment is used with options for a handler too', async () => {
    const proxy = await serveProxy({ to: await serveTls() });
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${proxy.port}`;
    const send = (requestHandler: ClientConfig['requestHandler']): ReturnType<typeof createSession> => {
      const clientConfig = { endpoint: 'https://roles.invalid', maxAttempts: 1, requestHandler };
      return createSession(arns, { identity, clientConfig });
    };
    expect(String(await rejectionOf(send({ connectionTimeout: 5000 })))).toContain('not trusted');
    const session = await send({ httpsAgent: { rejectUnauthorized: false } });
    expect(session.$metadata).toMatchObject({ httpStatusCode: 200 });
    expect(proxy.connects.map(({ target }) => target)).toEqual(['roles.invalid:443', 'roles.invalid:443']);
  });

  test('of the environment is not used when the caller gives a handler or an agent', async () => {
    const proxy = await serveProxy({ status: 407 });
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${proxy.port}`;
    for (const requestHandler of [new NodeHttpHandler(), { httpsAgent: new Agent() }]) {
      const clientConfig = { endpoint: 'https://roles.invalid', maxAttempts: 1, requestHandler };
      await rejectionOf(createSession(arns, { identity, clientConfig }));
    }
    expect(proxy.connects).toEqual([]);
  });
});

interface Connect {
  readonly target: string | undefined;
  readonly authorization: IncomingHttpHeaders['proxy-authorization'];
}

/** A proxy that connects every tunnel to one local port, or refuses it with a status. */
async function serveProxy(
  behaviour: { to: number } | { status: number },
): Promise<{ port: number; connects: readonly Connect[] }> {
  const connects: Connect[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket: Socket) => {
    connects.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
    socket.on('error', () => undefined);
    if ('status' in behaviour) {
      socket.end(`HTTP/1.1 ${behaviour.status} No\r\n\r\n`);
      return;
    }
    const upstream = connect(behaviour.to, '127.0.0.1');
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  return { port: await listenOn(proxy), connects };
}

async function serveTls(): Promise<number> {
  const authority = await issueCertificateAuthority({
    subject: 'CN=localhost',
    keyAlgorithm: { type: 'EC' },
  });
  return listenOn(
    createTlsServer({ key: authority.privateKeyPem, cert: authority.certificatePem }, (_, response) => {
      response.end(sessionJson());
    }),
  );
}

async function listenOn(
  server: Server | ReturnType<typeof createTlsServer> | ReturnType<typeof createNetServer>,
): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
