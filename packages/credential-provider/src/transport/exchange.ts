import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Socket } from 'node:net';
import type { HttpRequest } from '@smithy/types';
import type { Route } from './create-route.js';
import { refusalOf } from './open-tunnel.js';
import { proxyAuthorization, unbracketed } from './proxy.js';
import { readAnswer } from './read-answer.js';
import { requestTarget } from './request-target.js';
import { limitTime, type TimeLimits } from './time-limits.js';
import type { TransportResponse, TransportTarget } from './transport.js';

/** One request on its connection, and its answer. */
export interface Exchange {
  /** To be called once. */
  send(request: HttpRequest, signal: AbortSignal): Promise<TransportResponse>;
  /** Ends the connection of an exchange that is not wanted any more. */
  cancel(): void;
  /** True when the connection was lost before anything was sent. */
  isLost(): boolean;
}

/**
 * Opens a connection by the route's agent, for one request. Until the answer is read the connection does not keep a finished
 * process alive, whoever the agent belongs to: whoever waits for a session does that.
 */
export function openExchange(target: TransportTarget, route: Route, limits: TimeLimits): Exchange {
  const { agent, forwarder } = route;
  const { protocol, hostname, port } = forwarder ?? target;
  const open = protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = open({ method: 'POST', host: unbracketed(hostname), port, agent });
  const answer = new Promise<TransportResponse>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.once('response', (response) => {
      readResponse(response, forwarder).then(resolve, reject);
    });
  });
  // It may fail before anybody waits for it.
  answer.catch(() => undefined);
  outgoing.once('socket', (socket) => keepQuiet(socket, outgoing.once.bind(outgoing)));
  limitTime(outgoing, limits);
  return {
    send: (request, signal) => {
      const abort = (): void => void outgoing.destroy(new Error('The request was aborted.'));
      signal.addEventListener('abort', abort, { once: true });
      outgoing.once('close', () => signal.removeEventListener('abort', abort));
      if (signal.aborted) abort();
      outgoing.method = request.method;
      outgoing.path = forwarder === undefined ? requestTarget(request) : wholeUrl(request);
      const authorization = forwarder === undefined ? {} : proxyAuthorization(forwarder);
      for (const [name, value] of Object.entries({ ...request.headers, ...authorization })) {
        outgoing.setHeader(name, value);
      }
      outgoing.end(request.body);
      return answer;
    },
    cancel: () => void outgoing.destroy(),
    isLost: () => outgoing.destroyed,
  };
}

type OnceResponse = (event: 'response', listener: (response: IncomingMessage) => void) => unknown;

/** An agent may hand the connection on to a request that has waited for it, as it is: so it is given back as it was. */
function keepQuiet(socket: Socket, once: OnceResponse): void {
  // An agent of the application may connect by a stream that is no socket.
  if (!(socket instanceof Socket)) return;
  socket.unref();
  once('response', (response) => response.prependOnceListener('end', () => socket.ref()));
}

async function readResponse(
  response: IncomingMessage,
  forwarder: URL | undefined,
): Promise<TransportResponse> {
  const { statusCode = 0, headers } = response;
  if (forwarder !== undefined && statusCode === 407) {
    response.destroy();
    throw refusalOf(forwarder, response);
  }
  return readAnswer({ status: statusCode, headers: flattened(headers) }, response);
}

/** What a forwarder is told. */
function wholeUrl(request: HttpRequest): string {
  const { protocol, hostname, headers } = request;
  return `${protocol}//${headers['host'] ?? hostname}${requestTarget(request)}`;
}

function flattened(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
