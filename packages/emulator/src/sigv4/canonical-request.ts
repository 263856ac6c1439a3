import { createHash } from 'node:crypto';

import type { RawRequest } from '../http.js';
import { canonicalHeaders } from './canonical-headers.js';
import { doubleEncodedPath, singleEncodedPath } from './canonical-path.js';
import { canonicalQuery } from './canonical-query.js';
import { splitTarget } from './request-target.js';

/** What the canonical form depends on beside the request. */
export interface CanonicalRequestOptions {
  /** Names of the signed headers, lower case, in any order. */
  readonly signedHeaders: readonly string[];
  /** An encoded path to use in place of the one in the request target, for a server that is mounted under a prefix. */
  readonly path?: string;
  /** True (the default) for every service but S3. */
  readonly doubleEncodePath?: boolean;
  /** The last line. Default: SHA-256 of the body in lower-case hex. */
  readonly payloadHash?: string;
}

/**
 * Derives the canonical request from what was on the wire. Takes any request and never throws: a malformed percent
 * sequence stands for itself.
 *
 * @see AWS IAM User Guide, "Create a signed AWS API request", step 1
 * @example
 * canonicalRequest(request, { signedHeaders: ['host', 'x-amz-date'] });
 */
export function canonicalRequest(request: RawRequest, options: CanonicalRequestOptions): string {
  const { path, query } = splitTarget(request.target);
  const canonicalPath = options.doubleEncodePath === false ? singleEncodedPath : doubleEncodedPath;
  const names = options.signedHeaders.toSorted();
  return [
    request.method,
    canonicalPath(options.path ?? path),
    canonicalQuery(query),
    canonicalHeaders(request, names),
    names.join(';'),
    options.payloadHash ?? createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
}
