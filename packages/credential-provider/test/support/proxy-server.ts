import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';

/** What a proxy was asked for: the target of a CONNECT, or a whole URL, and the user. */
export interface ProxyCall {
  readonly target: string;
  readonly user: string | undefined;
}

export interface ProxyServer {
  /** Host and port. */
  readonly address: string;
  readonly calls: readonly ProxyCall[];
  /** Tunnels that are open. */
  readonly open: () => number;
  close(): Promise<void>;
}

/** How a proxy behaves. */
export interface ProxyInit {
  /** Every tunnel leads to this local port. */
  readonly to?: number;
  /** `user:password` that it wants. */
  readonly auth?: string;
  /** A status line and headers, instead of a tunnel. */
  readonly refuse?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default `127.0.0.1`. */
  readonly host?: string;
}

/** A real proxy on a loopback port, which leads everybody to one place. */
export async function startProxyServer(init: ProxyInit): Promise<ProxyServer> {
  const { host = '127.0.0.1', tls } = init;
  const calls: ProxyCall[] = [];
  const sockets = new Set<Socket>();
  const proxy: Server = tls === undefined ? createServer() : createTlsServer(tls);
  proxy.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  });
  proxy.on('request', (request: IncomingMessage, response: ServerResponse) => {
    calls.push(callOf(request));
    passOn(request, response, init);
  });
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    calls.push(callOf(request));
    const refusal = isAllowed(request, init) ? init.refuse : unauthorized;
    if (refusal !== undefined) socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    else tunnel(socket, init);
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, host, resolve);
  });
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    address: `${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    calls,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        proxy.close(() => resolve());
      }),
  };
}

const unauthorized = '407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"';

function tunnel(socket: Socket, { to }: ProxyInit): void {
  // Without a place to lead to, it says nothing.
  if (to === undefined) return;
  const upstream = connect(to, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => undefined).on('close', () => upstream.destroy());
}

function passOn(request: IncomingMessage, response: ServerResponse, init: ProxyInit): void {
  if (!isAllowed(request, init)) {
    response.writeHead(407, { 'proxy-authenticate': 'Basic realm="test"' }).end();
    return;
  }
  const { method, headers } = request;
  const { pathname, search } = new URL(request.url ?? '');
  const options = { host: '127.0.0.1', port: init.to, method, path: pathname + search, headers };
  const onwards = forward(options, (answer) => {
    answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
  });
  request.pipe(onwards);
}

function isAllowed(request: IncomingMessage, { auth }: ProxyInit): boolean {
  return auth === undefined || callOf(request).user === auth;
}

function callOf({ url = '', headers }: IncomingMessage): ProxyCall {
  const [, encoded] = headers['proxy-authorization']?.split(' ') ?? [];
  return { target: url, user: encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString() };
}
