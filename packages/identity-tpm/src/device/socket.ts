import { type Socket, createConnection } from 'node:net';
import { TpmError, malformed } from '../tpm/tpm-error.js';
import type { TpmAddress } from './address.js';
import { type ConnectOptions, type Connection, disconnected, late, unreachable } from './connection.js';
import { createResponseCollector } from './response-collector.js';

/** A Unix or TCP socket. */
export type SocketAddress = Exclude<TpmAddress, { kind: 'character device' }>;

/**
 * The stream of commands and responses that `swtpm socket --server` speaks, without any framing around them.
 *
 * @throws TpmError `unreachable`, `late`
 */
export async function connectSocket(address: SocketAddress, options: ConnectOptions): Promise<Connection> {
  const socket =
    address.kind === 'unix'
      ? createConnection({ path: address.path })
      : createConnection({ host: address.host, port: address.port, noDelay: true });
  await connected(socket, options);
  return socketConnection(socket, options);
}

function connected(socket: Socket, { timing, limitMilliseconds }: ConnectOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = timing.after(limitMilliseconds, () => fail(late(limitMilliseconds)));
    const onError = (error: Error): void => fail(unreachable(error));
    function fail(error: TpmError): void {
      cancel();
      socket.on('error', ignore);
      socket.destroy();
      reject(error);
    }
    socket.once('error', onError);
    socket.once('connect', () => {
      cancel();
      socket.off('error', onError);
      resolve();
    });
  });
}

/** Who waits for a response. */
interface Waiting {
  take(piece: Uint8Array): void;
  fail(error: TpmError): void;
}

/** For a socket that never answered: it may be another one, whose peer drops what it does not understand. */
const WRONG_PROTOCOL =
  'Is it a socket of bare commands, such as that of `swtpm socket --server`? The Microsoft simulator (mssim) has another protocol.';

function socketConnection(socket: Socket, { timing }: ConnectOptions): Connection {
  let waiting: Waiting | undefined;
  let broken: TpmError | undefined;
  let advice: string | undefined = WRONG_PROTOCOL;

  function breakOff(error: TpmError): void {
    broken ??= error;
    socket.destroy();
    waiting?.fail(error);
  }

  socket.on('data', (piece) => {
    advice = undefined;
    if (waiting === undefined) breakOff(malformed('it sent something that nobody asked for'));
    else waiting.take(piece);
  });
  socket.on('error', (error) => breakOff(disconnected(error, advice)));
  socket.on('close', () => breakOff(disconnected(undefined, advice)));

  async function exchange(command: Uint8Array, limitMilliseconds: number): Promise<Uint8Array> {
    if (broken !== undefined) throw broken;
    let cancel: () => void = ignore;
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        waiting = waitFor(resolve, breakOff, reject);
        cancel = timing.after(limitMilliseconds, () => breakOff(late(limitMilliseconds)));
        socket.write(command);
      });
    } finally {
      cancel();
      waiting = undefined;
    }
  }

  return {
    exchange,
    async close() {
      broken ??= disconnected();
      socket.destroy();
    },
    released: async () => undefined,
  };
}

function waitFor(
  resolve: (response: Uint8Array) => void,
  breakOff: (error: TpmError) => void,
  fail: (error: TpmError) => void,
): Waiting {
  const collector = createResponseCollector();
  return {
    fail,
    take(piece) {
      try {
        const response = collector.add(piece);
        if (response !== undefined) resolve(response);
      } catch (error) {
        breakOff(error instanceof TpmError ? error : malformed('its response could not be read', error));
      }
    },
  };
}

function ignore(): void {
  // Nothing waits for it any more.
}
