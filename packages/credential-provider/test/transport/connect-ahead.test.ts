import { once } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest } from '@smithy/types';
import { createSession } from '@rolesanywhere/credential-provider';
import { createTransport } from '../../src/transport/node.js';
import type { Transport } from '../../src/transport/transport.js';
import { testIdentity } from '../support/identity.js';
import { arns, rejectionOf } from '../support/options.js';
import { sessionJson } from '../support/session-server.js';

let server: Server;
let sockets: Socket[];
let port: number;

beforeEach(async () => {
  sockets = [];
  server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.on('data', () => {
      const body = sessionJson();
      socket.write(`HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

const { signal } = new AbortController();
const target = () => ({ protocol: 'http:', hostname: '127.0.0.1', port });
const request = (): HttpRequest => ({
  ...target(),
  method: 'POST',
  path: '/sessions',
  headers: { host: `127.0.0.1:${port}` },
  body: '{}',
});

function connect(transport: Transport): Transport {
  const connected = transport.connect?.(target());
  if (connected === undefined) throw new Error('This transport does not connect ahead.');
  return connected;
}

test('the connection is made while the identity is still on its way, and carries the request', async () => {
  const connectedFirst = async () => {
    while (sockets.length === 0) await once(server, 'connection');
    return testIdentity();
  };
  const session = await createSession(arns, {
    identity: connectedFirst,
    clientConfig: { endpoint: `http://127.0.0.1:${port}` },
  });
  expect(session.$metadata.attempts).toBe(1);
  expect(sockets).toHaveLength(1);
});

test('a connection that nobody sends on is closed', async () => {
  const connection = once(server, 'connection');
  const connected = connect(createTransport());
  await connection;
  connected.close();
  await once(sockets[0] ?? server, 'close');
  expect(sockets).toHaveLength(1);
});

test('an identity that fails leaves no connection open', async () => {
  const identity = async () => {
    await once(server, 'connection');
    throw new Error('no card in the reader');
  };
  const clientConfig = { endpoint: `http://127.0.0.1:${port}` };
  expect(await rejectionOf(createSession(arns, { identity, clientConfig }))).toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
  });
  if (sockets[0]?.closed === false) await once(sockets[0], 'close');
  expect(sockets).toHaveLength(1);
});

test('a connection that was closed in the meantime costs no attempt', async () => {
  const connection = once(server, 'connection');
  const transport = createTransport();
  const connected = connect(transport);
  await connection;
  sockets[0]?.destroy();
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  expect(await connected.send(request(), signal)).toMatchObject({ status: 201 });
  expect(sockets).toHaveLength(2);
  transport.close();
});

test('only the first request uses it; the next go the usual way', async () => {
  const transport = createTransport();
  const connected = connect(transport);
  await connected.send(request(), signal);
  await connected.send(request(), signal);
  connected.close();
  // The usual way is the connection that was kept.
  expect(sockets).toHaveLength(1);
  transport.close();
});

test('a connection that is refused shows when it is sent on', async () => {
  const transport = createTransport();
  const connected = transport.connect?.({ ...target(), port: 9 });
  await new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
  const sent = connected?.send({ ...request(), port: 9 }, signal) ?? Promise.resolve();
  expect(await rejectionOf(sent)).toMatchObject({ code: 'ECONNREFUSED' });
});

test('the agents of a NodeHttpHandler connect ahead once they are there', async () => {
  const handler = new NodeHttpHandler();
  const transport = createTransport(handler);
  // It makes them for its first request.
  expect(transport.connect?.(target())).toBe(transport);
  await transport.send(request(), signal);
  const connected = connect(transport);
  expect(connected).not.toBe(transport);
  await connected.send(request(), signal);
  expect(sockets).toHaveLength(1);
  handler.destroy();
});

test('options of which no connection can be made show when it is sent', async () => {
  const transport = createTransport({ httpsAgent: { ca: 'no certificate', minVersion: 'TLSv9' as never } });
  const secure = { ...request(), protocol: 'https:' };
  expect(transport.connect?.(secure)).toBe(transport);
  expect(await rejectionOf(transport.send(secure, signal))).toMatchObject({
    code: 'ERR_TLS_INVALID_PROTOCOL_VERSION',
  });
});

test('an agent that connects by a stream which is no socket is taken as it is', async () => {
  const httpAgent = new HttpAgent();
  httpAgent.createConnection = ({ port: to }) => {
    const socket = connectTo(Number(to), '127.0.0.1');
    const stream = Duplex.from({ readable: socket, writable: socket });
    return stream;
  };
  const transport = createTransport({ httpAgent });
  expect(await transport.send(request(), signal)).toMatchObject({ status: 201 });
});
