import type { NodeHttpHandlerOptions } from '@smithy/types';
import { connectedTransport } from './connected-transport.js';
import { createRoute, type Route } from './create-route.js';
import { openExchange } from './exchange.js';
import type { Transport, TransportTarget } from './transport.js';

/**
 * A transport with connections of its own: kept alive between calls, through the proxy of `HTTPS_PROXY` and `NO_PROXY`,
 * over TLS 1.2 or newer. Unlike those of a `NodeHttpHandler` its timers do not keep a finished process alive.
 * @param options - those of a `NodeHttpHandler`: time limits, and an agent, which is used as it is, or options for ours
 */
export function ownTransport(options: NodeHttpHandlerOptions = {}): Transport {
  const routes = new Map<string, Route>();
  const routeTo = (target: TransportTarget): Route => {
    const origin = `${target.protocol}//${target.hostname}:${target.port}`;
    const route = routes.get(origin) ?? createRoute(target, options);
    routes.set(origin, route);
    return route;
  };
  const transport: Transport = {
    send: async (request, signal) => openExchange(request, routeTo(request), options).send(request, signal),
    connect: (target) => {
      try {
        return connectedTransport(transport, target, { route: routeTo(target), limits: options });
      } catch {
        // The same will happen to the request, where it becomes an error of the call.
        return transport;
      }
    },
    close: () => {
      for (const route of routes.values()) route.close?.();
    },
  };
  return transport;
}
