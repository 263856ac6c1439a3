import { createServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { type ServerStream, type ServerStreamCall, openServerStream } from '../../src/grpc/server-stream.js';

test('a connection is asked for a sign of life, also when it is going away', async () => {
  const server = createServer();
  let asked = 0;
  server.on('session', (session) =>
    session.on('ping', () => {
      asked += 1;
      session.goaway(0);
    }),
  );
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.write(Buffer.alloc(5));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const call = await new Promise<ServerStream>((resolve) => {
    const opened = openServerStream(callTo(port), { message: () => resolve(opened), end: () => undefined });
  });
  await new Promise<void>((resolve) => call.ping(resolve));
  await new Promise<void>((resolve) => call.ping(resolve));
  call.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  expect(asked).toBeGreaterThan(0);
});

function callTo(port: number): ServerStreamCall {
  return {
    connect: () => connect(port, '127.0.0.1'),
    authority: `127.0.0.1:${port}`,
    path: '/Service/Method',
    metadata: { 'workload.spiffe.io': 'true' },
    request: Buffer.from('0a00', 'hex'),
    maximumMessageOctets: 1000,
  };
}

test('a call has the headers that gRPC asks for, its metadata, and one framed message', async () => {
  const server = createServer();
  const received = new Promise((resolve) => {
    server.on('stream', (stream, headers) => {
      const body: Buffer[] = [];
      stream.on('error', () => stream.destroy());
      stream.on('data', (piece: Buffer) => body.push(piece));
      stream.on('end', () =>
        resolve({
          headers: Object.fromEntries(Object.entries(headers)),
          body: Buffer.concat(body).toString('hex'),
        }),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const call = openServerStream(callTo(port), { message: () => undefined, end: () => undefined });
  const request = await received;
  call.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  expect(request).toEqual({
    headers: {
      ':method': 'POST',
      ':scheme': 'http',
      ':authority': `127.0.0.1:${port}`,
      ':path': '/Service/Method',
      te: 'trailers',
      'content-type': 'application/grpc',
      'user-agent': 'rolesanywhere-identity-spiffe',
      'workload.spiffe.io': 'true',
    },
    body: '00000000020a00',
  });
});
