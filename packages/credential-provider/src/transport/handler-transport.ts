import type { HttpHandler } from '../config/client-config.js';
import { readAnswer } from './read-answer.js';
import type { Transport } from './transport.js';

/** A transport over a request handler of the AWS SDK v3. `close` leaves the handler alone: it is the caller's. */
export function handlerTransport(handler: HttpHandler): Transport {
  return {
    async send(request, signal) {
      const { response } = await handler.handle(request, { abortSignal: signal });
      const head = { status: response.statusCode, headers: lowerCased(response.headers) };
      return readAnswer(head, response.body);
    },
    close: () => undefined,
  };
}

/** True for a request handler, false for options of one. */
export function isHttpHandler(value: unknown): value is HttpHandler {
  return (
    typeof value === 'object' && value !== null && 'handle' in value && typeof value.handle === 'function'
  );
}

/** True for a handler that can speak to the service: HTTP/2 handlers cannot. */
export function speaksHttp1(handler: HttpHandler): boolean {
  return handler.metadata?.handlerProtocol !== 'h2';
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
