import { percentDecode } from './percent-encoding.js';

/** The two parts of a request target, undecoded. */
export interface RequestTarget {
  /** As sent; `/` when the target has no path. In a well-formed request it begins with `/`. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

/** One query parameter, percent-decoded to bytes. */
export interface QueryParameter {
  readonly name: Uint8Array;
  /** Empty when the parameter has no `=`. */
  readonly value: Uint8Array;
}

/**
 * Splits a request target at its first question mark. The absolute form, which a client sends to a proxy, loses scheme
 * and authority first. Any string is taken.
 *
 * @see RFC 9112 section 3.2
 */
export function splitTarget(target: string): RequestTarget {
  const local = target.replace(/^[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/[^/?]*/, '');
  const mark = local.indexOf('?');
  const path = mark === -1 ? local : local.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark === -1 ? '' : local.slice(mark + 1) };
}

/** Decodes a query string: parameters in the order sent, repeated ones kept, empty pieces between `&` left out. */
export function parseQuery(query: string): readonly QueryParameter[] {
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const equals = piece.indexOf('=');
      if (equals === -1) return { name: percentDecode(piece), value: new Uint8Array() };
      return { name: percentDecode(piece.slice(0, equals)), value: percentDecode(piece.slice(equals + 1)) };
    });
}
