import type { HttpRequest, NodeHttpHandlerOptions } from '@smithy/types';
import { ConfigurationError } from '@rolesanywhere/signer';
import type { HttpHandler } from '../config/client-config.js';
import { handlerTransport, isHttpHandler } from './handler-transport.js';
import { readAnswer } from './read-answer.js';
import { requestTarget } from './request-target.js';
import type { Transport } from './transport.js';

/**
 * The transport where there is no `node:http`: the given handler, or `fetch`.
 * @throws ConfigurationError `INVALID_OPTION` for options of a `NodeHttpHandler`, which needs Node
 */
export function createTransport(requestHandler?: HttpHandler | NodeHttpHandlerOptions): Transport {
  if (isHttpHandler(requestHandler)) return handlerTransport(requestHandler);
  if (requestHandler !== undefined) {
    throw new ConfigurationError({
      code: 'INVALID_OPTION',
      message:
        'clientConfig.requestHandler must be a request handler here: options for a NodeHttpHandler need Node.',
    });
  }
  return {
    async send(request, signal) {
      const response = await fetch(urlOf(request), {
        method: request.method,
        headers: request.headers,
        body: String(request.body),
        redirect: 'manual',
        signal,
      });
      const head = { status: response.status, headers: Object.fromEntries(response.headers) };
      return readAnswer(head, response.body);
    },
    close: () => undefined,
  };
}

function urlOf(request: HttpRequest): string {
  const { protocol, hostname, port } = request;
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${requestTarget(request)}`;
}
