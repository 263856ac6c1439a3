import { getCanonicalHeaders, getCanonicalQuery } from '@smithy/signature-v4';
import type { HeaderBag, HttpRequest } from '@smithy/types';
import { platform } from '#platform';
import { ConfigurationError } from '../errors.js';

const HOP = 'belongs to one connection, every hop writes its own';
const TRACE = 'tracing agents and meshes rewrite it on the way';
const PROXY = 'proxies add to it';
const CLIENT = 'an agent or the HTTP client may set or extend it after signing';

/**
 * The headers that are never signed, each with its reason: on their way they may change, and a changed header breaks the
 * signature. Every other header of a request is signed. Names that begin with `proxy-` or `sec-` are not signed either,
 * the former belong to a hop, the latter to the browser.
 */
export const UNSIGNED_HEADERS: ReadonlyMap<string, string> = new Map([
  ['authorization', 'carries the signature itself'],
  ['connection', HOP],
  ['keep-alive', HOP],
  ['te', HOP],
  ['trailer', HOP],
  ['transfer-encoding', HOP],
  ['upgrade', HOP],
  ['expect', HOP],
  ['max-forwards', PROXY],
  ['via', PROXY],
  ['forwarded', PROXY],
  ['x-forwarded-for', PROXY],
  ['x-forwarded-host', PROXY],
  ['x-forwarded-port', PROXY],
  ['x-forwarded-proto', PROXY],
  ['cache-control', 'caches may rewrite it'],
  ['pragma', 'caches may rewrite it'],
  ['accept-encoding', CLIENT],
  ['from', CLIENT],
  ['referer', CLIENT],
  ['user-agent', CLIENT],
  ['x-amzn-trace-id', TRACE],
  ['traceparent', TRACE],
  ['tracestate', TRACE],
  ['baggage', TRACE],
  ['b3', TRACE],
  ['x-b3-traceid', TRACE],
  ['x-b3-spanid', TRACE],
  ['x-b3-parentspanid', TRACE],
  ['x-b3-sampled', TRACE],
  ['x-cloud-trace-context', TRACE],
  ['x-datadog-parent-id', TRACE],
  ['x-datadog-sampling-priority', TRACE],
  ['x-datadog-trace-id', TRACE],
  ['sentry-trace', TRACE],
  ['uber-trace-id', TRACE],
]);
const CERTIFICATE_HEADERS: ReadonlySet<string> = new Set(['x-amz-x509', 'x-amz-x509-chain']);
const unsignedOrCertificate = new Set([...UNSIGNED_HEADERS.keys(), ...CERTIFICATE_HEADERS]);
const BLANKS = [' ', '\t', '\r', '\n'] as const;

/** The canonical form of a request, and the list of the headers in it. */
export interface CanonicalRequest {
  readonly text: string;
  /** Lower-case names, sorted, joined by `;`. */
  readonly signedHeaders: string;
}

/**
 * Task 1: the canonical request. Takes the request as it will be sent, with all its headers. The body is hashed whatever
 * `x-amz-content-sha256` says.
 *
 * @throws ConfigurationError `INVALID_OPTION` when the body is a stream, or path or query cannot be encoded
 * @see IAM Roles Anywhere User Guide, authentication-sign-process, task 1
 */
export async function canonicalRequest(request: HttpRequest): Promise<CanonicalRequest> {
  return canonicalForm(request);
}

/** The same at once: what signs has no use for a promise. */
export function canonicalForm(request: HttpRequest): CanonicalRequest {
  const headers = canonicalHeaders(request);
  const names = Object.keys(headers).toSorted();
  const signedHeaders = names.join(';');
  let lines = '';
  for (const name of names) lines += `${name}:${headers[name]}\n`;
  const head = `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request)}\n`;
  return { text: `${head}${lines}\n${signedHeaders}\n${payloadHash(request.body)}`, signedHeaders };
}

/** Certificates are long, and base64 has no blanks to trim: leaving them out of it makes this half as long. */
function canonicalHeaders(request: HttpRequest): HeaderBag {
  const headers = getCanonicalHeaders(request, unsignedOrCertificate);
  for (const name of Object.keys(request.headers)) {
    const lowerCase = name.toLowerCase();
    const value = request.headers[name];
    if (value === undefined || !CERTIFICATE_HEADERS.has(lowerCase)) continue;
    const isCanonical = !BLANKS.some((blank) => value.includes(blank));
    headers[lowerCase] = isCanonical ? value : value.replaceAll(/[ \t\r\n]+/g, ' ').trim();
  }
  return headers;
}

/**
 * Normalised, each segment encoded once more than it is sent; empty segments go as AWS's services have it (not S3's).
 *
 * @see RFC 3986 §5.2.4
 */
function canonicalPath(path: string): string {
  if (/^(?:\/[\w~-][\w.~-]*)+$/.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment, 'path'));
  }
  return segments.length > 0 && path.endsWith('/') ? `/${segments.join('/')}/` : `/${segments.join('/')}`;
}

/** A parameter without a value (null) is sent as its name alone, and is canonical with an empty value. */
function canonicalQuery(request: HttpRequest): string {
  const { query } = request;
  if (query === undefined) return '';
  if (Object.hasOwn(query, '__proto__')) throw notCanonical();
  try {
    if (!Object.values(query).includes(null)) return getCanonicalQuery(request);
    const entries = Object.entries(query).map(([name, value]) => [name, value ?? '']);
    return getCanonicalQuery({ ...request, query: Object.fromEntries(entries) });
  } catch (cause) {
    throw notEncodable('query', cause);
  }
}

/**
 * Not `getPayloadHash` of signature-v4: that one believes a given `x-amz-content-sha256`, and calls a stream
 * UNSIGNED-PAYLOAD, which this service does not know.
 */
export function payloadHash(body: unknown): string {
  if (body === undefined || body === null) return platform.sha256Hex('');
  if (typeof body === 'string') return platform.sha256Hex(body);
  if (ArrayBuffer.isView(body))
    return platform.sha256Hex(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  if (body instanceof ArrayBuffer) return platform.sha256Hex(new Uint8Array(body));
  const message = '`body` cannot be hashed before it is sent. Give a string or a Uint8Array, not a stream.';
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

/** RFC 3986 §2.3: all but the unreserved characters; encodeURIComponent leaves five more. */
function encode(text: string, part: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  try {
    return encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch (cause) {
    throw notEncodable(part, cause);
  }
}

/** `getCanonicalQuery` collects the parameters in a plain object, where this name is the prototype. */
function notCanonical(): ConfigurationError {
  const message =
    'The query of the request has a parameter `__proto__`, which cannot be signed. Name it otherwise.';
  return new ConfigurationError({ code: 'INVALID_OPTION', message });
}

function notEncodable(part: string, cause: unknown): ConfigurationError {
  const message = `The ${part} of the request holds half a character (a lone surrogate) and cannot be encoded as UTF-8.`;
  return new ConfigurationError({ code: 'INVALID_OPTION', message, cause });
}
