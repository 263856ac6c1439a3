import { openExchange } from './exchange.js';
import type { Route } from './create-route.js';
import type { TimeLimits } from './time-limits.js';
import type { Transport, TransportTarget } from './transport.js';

/** A transport that opens the connection for its first request at once, and hands the others on. */
export function connectedTransport(transport: Transport, target: TransportTarget, way: Way): Transport {
  const opened = openExchange(target, way.route, way.limits);
  let isUsed = false;
  return {
    send: (request, signal) => {
      const isFirst = !isUsed;
      isUsed = true;
      // Who is silent for long on a fresh connection may find it closed: that is not an attempt yet.
      return isFirst && !opened.isLost() ? opened.send(request, signal) : transport.send(request, signal);
    },
    close: () => {
      if (!isUsed) opened.cancel();
    },
  };
}

/** How the connection is made. */
interface Way {
  readonly route: Route;
  readonly limits: TimeLimits;
}
