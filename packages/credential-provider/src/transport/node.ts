import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { HttpHandler } from '../config/client-config.js';
import { connectedTransport } from './connected-transport.js';
import type { Route } from './create-route.js';
import { openExchange } from './exchange.js';
import { handlerTransport, isHttpHandler } from './handler-transport.js';
import { nodeHandlerOptions } from './node-handler-options.js';
import { ownTransport } from './own-transport.js';
import type { Transport, TransportTarget } from './transport.js';

/**
 * The transport on Node: the given handler, or an own connection, with the given options of a `NodeHttpHandler`.
 *
 * Of a `NodeHttpHandler` the agents and the time limits are used and not its `handle`: that keeps the process alive for as
 * long as the answer takes, and a refresh in the background must not.
 */
export function createTransport(requestHandler?: HttpHandler | NodeHttpHandlerOptions): Transport {
  if (!isHttpHandler(requestHandler)) return ownTransport(requestHandler);
  const whole = handlerTransport(requestHandler);
  const transport: Transport = {
    async send(request, signal) {
      const limits = nodeHandlerOptions(requestHandler) ?? {};
      const route = routeOf(limits, request);
      if (route === undefined) return whole.send(request, signal);
      return openExchange(request, route, limits).send(request, signal);
    },
    connect(target) {
      const limits = nodeHandlerOptions(requestHandler) ?? {};
      const route = routeOf(limits, target);
      return route === undefined ? transport : connectedTransport(transport, target, { route, limits });
    },
    close: () => whole.close(),
  };
  return transport;
}

function routeOf(
  { httpAgent, httpsAgent }: NodeHttpHandlerOptions,
  { protocol }: TransportTarget,
): Route | undefined {
  const agent = protocol === 'https:' ? httpsAgent : httpAgent;
  return agent !== undefined && 'destroy' in agent ? { agent } : undefined;
}
