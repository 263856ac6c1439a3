import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';

import type { RawHandler } from './http.js';
import { answer } from './server-exchange.js';

/** Where and how to listen. */
export interface ListenOptions {
  /** Default `127.0.0.1`: nobody outside this machine. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** PEM key and certificate; absent: plain HTTP. TLS 1.2 or newer. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default 131072: an ML-DSA-87 request with a chain of five is about 70 KB of headers. */
  readonly maximumHeaderBytes?: number;
  /** Default 1 MiB; a longer body is answered with 413. */
  readonly maximumBodyBytes?: number;
  /** Time for a whole request to arrive. Default 60,000. */
  readonly requestTimeoutMilliseconds?: number;
}

/** A handler on a port. */
export interface Listening {
  /** For example `http://127.0.0.1:41234`, no slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Frees the port and ends every connection, also those kept alive. May be called more than once. */
  readonly close: () => Promise<void>;
}

/**
 * Puts a handler on a port.
 *
 * Headers reach the handler raw and in order, bodies without their chunks. `Expect: 100-continue` is answered when the
 * body may come, a body past the limit with 413, headers past theirs with 431, malformed HTTP with 400, a client that
 * is too slow with 408, and a handler that throws with a bare 500.
 *
 * @throws the error of node:net when the port is taken or the host unknown, of node:tls for a bad key or certificate
 * @example
 * const { url, close } = await listen(async () => ({ status: 200, headers: {}, body: 'hello' }));
 */
export async function listen(handler: RawHandler, options: ListenOptions = {}): Promise<Listening> {
  const host = options.host ?? '127.0.0.1';
  const server = createListener(handler, options);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const address = server.address();
  // A string is the address of a pipe, which is never listened on here.
  const port = typeof address === 'object' && address ? address.port : 0;
  const closed = once(server, 'close').then(() => undefined);
  return {
    url: `${options.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

function createListener(handler: RawHandler, options: ListenOptions): Server {
  const requestTimeout = options.requestTimeoutMilliseconds ?? 60_000;
  const limits = {
    maxHeaderSize: options.maximumHeaderBytes ?? 131_072,
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, 20_000),
    connectionsCheckingInterval: Math.max(50, Math.min(requestTimeout / 4, 5_000)),
  };
  const exchange = { handler, maximumBodyBytes: options.maximumBodyBytes ?? 1_048_576 };
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    void answer(request, response, exchange);
  const server = options.tls
    ? createTlsServer({ ...limits, ...options.tls, minVersion: 'TLSv1.2' }, onRequest)
    : createServer(limits, onRequest);
  server.on('checkContinue', onRequest);
  server.on('clientError', refuse);
  // Ends a client that neither sends nor reads.
  server.timeout = requestTimeout * 2;
  return server;
}

/** What Node's parser would not take never becomes a request. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = STATUS_BY_ERROR[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const STATUS_BY_ERROR: Readonly<Record<string, string | undefined>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
