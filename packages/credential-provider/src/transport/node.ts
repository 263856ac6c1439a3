import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { HttpHandler } from '../config/client-config.js';
import { handlerTransport, isHttpHandler } from './handler-transport.js';
import { ownTransport } from './own-transport.js';
import type { Transport } from './transport.js';

/** The transport on Node: the given handler, a `NodeHttpHandler` of the given options, or an own connection. */
export function createTransport(requestHandler?: HttpHandler | NodeHttpHandlerOptions): Transport {
  if (isHttpHandler(requestHandler)) return handlerTransport(requestHandler);
  return requestHandler === undefined ? ownTransport() : optionsTransport(requestHandler);
}

function optionsTransport(options: NodeHttpHandlerOptions): Transport {
  let handler: Promise<HttpHandler> | undefined;
  return {
    async send(request, signal) {
      handler ??= createHandler(options);
      return handlerTransport(await handler).send(request, signal);
    },
    close: () => {
      void handler?.then((opened) => opened.destroy?.());
    },
  };
}

/** Loaded with the first request, for those who give options: nobody else needs it from here. */
async function createHandler(options: NodeHttpHandlerOptions): Promise<HttpHandler> {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  return new NodeHttpHandler(options);
}
