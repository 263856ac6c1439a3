import type { RawRequest } from '../../src/http.js';

/** A request as HTTP/1.1 writes it, with the length of its body. */
export function wireRequest({ method, target, rawHeaders, body }: RawRequest): Buffer {
  const headers = [...rawHeaders, ['Content-Length', String(body.length)]].map((pair) => pair.join(': '));
  const head = [`${method} ${target} HTTP/1.1`, ...headers, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** The parts of what looks like a request; names in lower case, blanks made one. */
export interface ParsedWireRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Undefined for what does not look like a request at all. */
export function parseWireRequest(request: Buffer): ParsedWireRequest | undefined {
  // Line ends before a request are passed over (RFC 9112 section 2.2).
  const text = request.toString('latin1').replace(/^[\r\n]+/, '');
  const [, head, body] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(text) ?? [];
  if (head === undefined || body === undefined) return undefined;
  const [first = '', ...lines] = head.replaceAll('\r\n', '\n').split('\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).replaceAll(/[ \t]+/g, ' ');
    return [line.slice(0, colon).toLowerCase(), value.replaceAll(/^ | $/g, '')];
  });
  return { method, target, headers, body };
}

/**
 * The request without what a sender may write in several ways: HTTP version, order of headers and of parameters, case
 * of header names and percent sequences, blanks, zeros before a length, headers that are not signed, a mount prefix.
 */
export function meaningOf(request: Buffer): string {
  const parsed = parseWireRequest(request);
  if (parsed === undefined) return request.toString('latin1');
  const authorization = parsed.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
  const signed = (/SignedHeaders=([^,]*)/.exec(authorization)?.[1] ?? '').toLowerCase().split(';');
  const counted = new Set([...signed, 'authorization', 'content-length', 'transfer-encoding']);
  const headers = parsed.headers
    .filter(([name]) => counted.has(name))
    .map(([name, value]) => `${name}:${headerMeaning(name, value)}`)
    .toSorted();
  return JSON.stringify([parsed.method, targetMeaning(parsed.target), headers, parsed.body]);
}

function targetMeaning(target: string): string {
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const parameters = query.replaceAll(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase()).split('&');
  const sorted = parameters.filter((parameter) => parameter !== '').toSorted();
  return [path.replace(/^.*(?=\/sessions$)/s, ''), ...sorted].join('&');
}

function headerMeaning(name: string, value: string): string {
  if (name === 'content-length') return value.replace(/^0+(?=\d)/, '');
  if (name !== 'authorization') return value;
  const parts = value.replaceAll(/ ?, ?/g, ',');
  return parts.replace(/SignedHeaders=[^,]*/, (list) => `SignedHeaders=${list.slice(14).toLowerCase()}`);
}
