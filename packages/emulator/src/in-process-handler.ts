import { Readable } from 'node:stream';
import { connectionCut, deliveredBody } from './delivered-body.js';
import type { RawHandler, RawRequest } from './http.js';

/** A request as the AWS SDK for JavaScript v3 hands it to its request handler; the members that matter here. */
export interface InProcessRequest {
  readonly method: string;
  readonly protocol?: string | undefined;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Text, bytes, a stream of bytes, or nothing. */
  readonly body?: unknown;
}

/** The answer in the SDK's form. Header names are in lower case. */
export interface InProcessResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** The members of an `AbortSignal` that matter here. */
export interface InProcessAbortSignal {
  readonly aborted: boolean;
  addEventListener?(type: 'abort', listener: () => void): void;
}

/** A request handler for `clientConfig.requestHandler` that never opens a connection. */
export interface InProcessRequestHandler {
  readonly metadata: { readonly handlerProtocol: 'http/1.1' };
  /**
   * Rejects with an `AbortError` when the caller's signal is already aborted, or when it is while a fault keeps the answer
   * back; with the code `ECONNRESET` when a fault cuts the connection.
   */
  handle(
    request: InProcessRequest,
    options?: { readonly abortSignal?: InProcessAbortSignal | undefined },
  ): Promise<{ response: InProcessResponse }>;
  /** Nothing to free. */
  destroy(): void;
  /** Nothing to configure. */
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, never>;
}

/**
 * Turns a raw handler into a request handler of the AWS SDK v3: the request is written down as it would have been on
 * the wire, so that a signature is checked over the very same bytes.
 */
export function createInProcessHandler(handler: RawHandler): InProcessRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request, options) => {
      if (options?.abortSignal?.aborted === true) throw abortError();
      const answered = await handler(await rawRequest(request));
      const { status, headers, delivery } = answered;
      if (delivery?.type === 'reset') throw connectionCut();
      if (delivery?.type === 'blackHole') return untilAborted(options?.abortSignal);
      const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      return {
        response: {
          statusCode: status,
          headers: Object.fromEntries(lowerCased),
          body: Readable.from(deliveredBody(answered)),
        },
      };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

async function rawRequest(request: InProcessRequest): Promise<RawRequest> {
  const query = queryString(request.query ?? {});
  const headers = Object.entries(request.headers);
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const host = request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`;
  return {
    method: request.method,
    target: query === '' ? request.path : `${request.path}?${query}`,
    rawHeaders: hasHost ? headers : [['host', host], ...headers],
    body: await bytesOf(request.body),
  };
}

function queryString(query: Readonly<Record<string, string | readonly string[] | null>>): string {
  return Object.keys(query)
    .toSorted()
    .flatMap((name) => [query[name] ?? null].flat().map((value) => queryParameter(name, value)))
    .join('&');
}

function queryParameter(name: string, value: string | null): string {
  return value === null ? encode(name) : `${encode(name)}=${encode(value)}`;
}

/** RFC 3986: encodeURIComponent leaves five characters more than the unreserved ones. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (typeof body !== 'object' || !isAsyncIterable(body)) {
    throw new TypeError('The request body is neither text, bytes nor a stream: send one of these');
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(await bytesOf(chunk));
  return Buffer.concat(chunks);
}

function isAsyncIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}

function untilAborted(signal: InProcessAbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener?.('abort', () => reject(abortError()));
  });
}

function abortError(): Error {
  const error = new Error('Request aborted');
  error.name = 'AbortError';
  return error;
}
