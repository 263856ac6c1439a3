import { normalizeEscapes } from './percent-encoding.js';

/**
 * The canonical query string: every name and value decoded and encoded again, sorted by the code points of the encoded
 * name and then of the encoded value. A parameter without `=` gets one. A `+` is a plus sign and comes out as `%2B`:
 * a client that sends a blank as `+` but signs `%20` does not verify.
 *
 * @see AWS IAM User Guide, "Create a signed AWS API request", canonical query string
 */
export function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map(canonicalParameter)
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
}

function canonicalParameter(piece: string): { name: string; value: string } {
  const equals = piece.indexOf('=');
  if (equals === -1) return { name: normalizeEscapes(piece), value: '' };
  return {
    name: normalizeEscapes(piece.slice(0, equals)),
    value: normalizeEscapes(piece.slice(equals + 1)),
  };
}

/** Encoded text is ASCII, where the order of UTF-16 units is the order of code points. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
