import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { HttpHandler } from '../config/client-config.js';
import { handlerTransport, isHttpHandler } from './handler-transport.js';
import { ownTransport } from './own-transport.js';
import type { Transport } from './transport.js';

/** The transport on Node: the given handler, or an own connection, with the given options of a `NodeHttpHandler`. */
export function createTransport(requestHandler?: HttpHandler | NodeHttpHandlerOptions): Transport {
  return isHttpHandler(requestHandler) ? handlerTransport(requestHandler) : ownTransport(requestHandler);
}
