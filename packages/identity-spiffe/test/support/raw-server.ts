import { type ServerHttp2Stream, type Settings, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, type Socket, createServer } from 'node:net';

/** A server that is no proper Workload API. */
export interface RawServer {
  /** As `endpoint` takes it. */
  readonly endpoint: string;
  /** How many connections came. */
  connections(): number;
  /** Ends every connection without a word. */
  cut(): void;
  end(): Promise<void>;
}

interface Listening {
  listen(port: number, host: string, done: () => void): unknown;
  address(): AddressInfo | string | null;
  close(done: () => void): unknown;
  on(event: 'connection', listener: (socket: Socket) => void): unknown;
}

/** What it does with a connection, octet by octet. */
export function startSocketServer(answer: (socket: Socket) => void): Promise<RawServer> {
  return listening(
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      answer(socket);
    }),
  );
}

/** What it does with a call over HTTP/2. */
export function startHttp2Server(
  answer: (stream: ServerHttp2Stream) => void,
  settings: Settings = {},
): Promise<RawServer> {
  const server = createHttp2Server({ settings });
  server.on('session', (session) => session.on('error', () => session.destroy()));
  server.on('stream', (stream) => {
    stream.on('error', () => stream.destroy());
    answer(stream);
  });
  return listening(server);
}

async function listening(server: Listening): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  server.on('connection', (socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    endpoint: `tcp://127.0.0.1:${address.port}`,
    connections: () => count,
    cut,
    end() {
      cut();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
