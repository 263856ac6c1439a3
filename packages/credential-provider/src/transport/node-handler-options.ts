import type { NodeHttpHandlerOptions } from '@smithy/types';
import type { HttpHandler } from '../config/client-config.js';

/**
 * The options that a `NodeHttpHandler` works with, its agents among them; undefined for any other handler, for one that was
 * extended or patched, whose `handle` may do more, and before its first request, when it has not made them yet.
 */
export function nodeHandlerOptions(handler: HttpHandler): NodeHttpHandlerOptions | undefined {
  if (!isNodeHttpHandler(handler)) return undefined;
  const { requestTimeout, throwOnRequestTimeout, ...options } = handler.httpHandlerConfigs();
  // Else it only warns.
  return throwOnRequestTimeout === true && requestTimeout !== undefined
    ? { ...options, requestTimeout }
    : options;
}

interface NodeHandler extends HttpHandler {
  httpHandlerConfigs(): NodeHttpHandlerOptions;
}

/** Known by its members, because bundlers rename classes and an application may have several copies of this one. */
function isNodeHttpHandler(handler: HttpHandler): handler is NodeHandler {
  const prototype: unknown = Object.getPrototypeOf(handler);
  if (typeof prototype !== 'object' || prototype === null) return false;
  return (
    handler.metadata?.handlerProtocol === 'http/1.1' &&
    Object.hasOwn(handler, 'configProvider') &&
    !Object.hasOwn(handler, 'handle') &&
    Object.hasOwn(prototype, 'handle') &&
    Object.hasOwn(prototype, 'httpHandlerConfigs') &&
    Object.getPrototypeOf(prototype) === Object.prototype
  );
}
