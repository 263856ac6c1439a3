import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { NodeHttpHandlerOptions } from '@smithy/types';

/** Limits for one request, in milliseconds; absent or 0: none. */
export type TimeLimits = Pick<
  NodeHttpHandlerOptions,
  'connectionTimeout' | 'requestTimeout' | 'socketTimeout'
>;

/**
 * Ends the request with an error when it takes longer than its limits: `connectionTimeout` for the way to the server and its
 * TLS, `requestTimeout` until the whole answer is there, `socketTimeout` for silence in between. No timer keeps a finished
 * process alive.
 */
export function limitTime(request: ClientRequest, limits: TimeLimits): void {
  const { connectionTimeout = 0, requestTimeout = 0, socketTimeout = 0 } = limits;
  if (requestTimeout > 0) {
    const stop = endAfter(request, requestTimeout, `The answer was not there within ${requestTimeout} ms`);
    request.once('close', stop);
  }
  if (connectionTimeout > 0) {
    const stop = endAfter(
      request,
      connectionTimeout,
      `There was no connection within ${connectionTimeout} ms`,
    );
    request.once('close', stop);
    request.once('socket', (socket) => onceConnected(socket, stop));
  }
  if (socketTimeout > 0) {
    request.setTimeout(socketTimeout, () => {
      request.destroy(timeoutError(`The connection was silent for ${socketTimeout} ms`));
    });
  }
}

/** Returns what stops the clock. */
function endAfter(request: ClientRequest, milliseconds: number, message: string): () => void {
  const timer = setTimeout(() => request.destroy(timeoutError(message)), milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}

function onceConnected(socket: Socket, callback: () => void): void {
  if (!socket.connecting) return callback();
  socket.once('encrypted' in socket ? 'secureConnect' : 'connect', callback);
}

function timeoutError(message: string): Error {
  return Object.assign(new Error(`${message}.`), { code: 'ETIMEDOUT' });
}
