import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { deliveredBody } from './delivered-body.js';
import type { RawHandler, RawRequest, RawResponse } from './http.js';

/** What every exchange of one server shares. */
export interface ExchangeContext {
  readonly handler: RawHandler;
  readonly maximumBodyBytes: number;
}

/**
 * Carries one request to the handler and its answer back. Never rejects; a handler that throws is answered with a bare
 * 500, because a stack trace is nothing a client should see.
 */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
): Promise<void> {
  try {
    const body = await readBody(request, response, context.maximumBodyBytes);
    if (!body) return send(request, response, TOO_LARGE);
    send(request, response, await context.handler(toRawRequest(request, body)));
  } catch {
    const isClientGone = response.socket?.destroyed ?? true;
    if (response.headersSent || isClientGone) return void response.destroy();
    send(request, response, FAILED);
  }
}

const TOO_LARGE: RawResponse = { status: 413, headers: { connection: 'close' }, body: '' };
const FAILED: RawResponse = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"The server failed."}',
};

/**
 * Reads the body. Past the limit the rest is thrown away as it comes, since a client reads an answer only when its body
 * is out; a client that sends many times the limit is not waited for.
 *
 * @returns undefined when the body is longer than the limit
 */
async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  maximumBytes: number,
): Promise<Uint8Array | undefined> {
  const expectsContinue = request.headers.expect?.toLowerCase() === '100-continue';
  const isTooLong = Number(request.headers['content-length'] ?? 0) > maximumBytes;
  if (expectsContinue && isTooLong) return undefined;
  if (expectsContinue) response.writeContinue();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maximumBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (length > maximumBytes * 8 + 16_777_216) return undefined;
  }
  return length > maximumBytes ? undefined : Buffer.concat(chunks);
}

function toRawRequest(request: IncomingMessage, body: Uint8Array): RawRequest {
  const rawHeaders: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    rawHeaders.push([request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? '']);
  }
  return { method: request.method ?? '', target: request.url ?? '/', rawHeaders, body };
}

function send(request: IncomingMessage, response: ServerResponse, answered: RawResponse): void {
  const { delivery } = answered;
  if (delivery?.type === 'blackHole') return;
  if (delivery?.type === 'reset') return cut(request);
  const body = Buffer.from(answered.body);
  const isBodiless = answered.status === 204 || answered.status === 304;
  const isLengthKnown = !isBodiless && delivery?.type !== 'huge';
  response.writeHead(
    answered.status,
    isLengthKnown ? { 'content-length': String(body.length), ...answered.headers } : answered.headers,
  );
  if (request.method === 'HEAD' || isBodiless) response.end();
  else if (delivery === undefined) response.end(body);
  // The one who reads, or this side by its fault, may cut the connection on the way.
  else pipeline(Readable.from(deliveredBody(answered)), response).catch(() => undefined);
}

/** By a TCP reset where the socket is one of TCP; within TLS the connection is just gone. */
function cut({ socket }: IncomingMessage): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}
