import { encodeAgain, normalizeEscapes } from './percent-encoding.js';

/**
 * The canonical URI of every service but S3: dot segments and empty segments removed, then the path as sent encoded
 * once more, so that what arrived as `%20` is signed as `%2520`.
 *
 * @see AWS IAM User Guide, "Create a signed AWS API request", canonical URI; RFC 3986 section 5.2.4
 */
export function doubleEncodedPath(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const isFolder = kept.length > 0 && ['', '.', '..'].includes(segments.at(-1) ?? '');
  return `/${kept.map(encodeAgain).join('/')}${isFolder ? '/' : ''}`;
}

/**
 * The canonical URI of S3: the object key decoded and encoded once. Nothing is normalised, since `a//b` and `a/../b`
 * are keys like any other.
 *
 * @see Amazon S3 API Reference, "Signature Calculations for the Authorization Header"
 */
export function singleEncodedPath(path: string): string {
  return normalizeEscapes(path).replaceAll('%2F', '/');
}
