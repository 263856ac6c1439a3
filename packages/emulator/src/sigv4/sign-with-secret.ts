import { createHash } from 'node:crypto';

import type { RawRequest } from '../http.js';
import { canonicalRequest } from './canonical-request.js';
import { formatLongDate } from './long-date.js';
import { deriveSigningKey, hmacSha256 } from './signing-key.js';
import { stringToSign } from './string-to-sign.js';

/** Long-lived credentials, or with a token those of a session. */
export interface SecretCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where and when a signature is good. */
export interface SecretScope {
  readonly region: string;
  /** For example `sts`. */
  readonly service: string;
  readonly at: Date;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs a request in its Authorization header. Signed are `Host`, `Content-Type`, `Content-MD5` and every `X-Amz-`
 * header; date, token and (for S3) payload hash are added, and replace such headers if the request has them.
 *
 * @param request must have a Host header
 * @throws TypeError when there is none
 * @example
 * signWithSecret(request, { accessKeyId, secretAccessKey }, { region: 'us-east-1', service: 'sts', at: new Date() });
 * @see AWS IAM User Guide, "Create a signed AWS API request"
 */
export function signWithSecret(
  request: RawRequest,
  credentials: SecretCredentials,
  { region, service, at }: SecretScope,
): RawRequest {
  const longDate = formatLongDate(at);
  const date = longDate.slice(0, 8);
  const payloadHash = createHash('sha256').update(request.body).digest('hex');
  const dated = withHeaders(request, [
    ['X-Amz-Date', longDate],
    ...(service === 's3' ? [['X-Amz-Content-Sha256', payloadHash] as const] : []),
    ...(credentials.sessionToken ? [['X-Amz-Security-Token', credentials.sessionToken] as const] : []),
  ]);
  const names = dated.rawHeaders.map(([name]) => name.toLowerCase()).filter(isSigned);
  const signedHeaders = [...new Set(names)].toSorted();
  if (!signedHeaders.includes('host'))
    throw new TypeError('The request has no Host header. Add one: it must be signed.');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = stringToSign({
    algorithm: ALGORITHM,
    longDate,
    scope,
    canonicalRequest: canonicalRequest(dated, {
      signedHeaders,
      doubleEncodePath: service !== 's3',
      payloadHash,
    }),
  });
  const key = deriveSigningKey(credentials.secretAccessKey, { date, region, service });
  const signature = Buffer.from(hmacSha256(key, text)).toString('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  return withHeaders(dated, [
    [
      'Authorization',
      `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
    ],
  ]);
}

function isSigned(name: string): boolean {
  return ['host', 'content-type', 'content-md5'].includes(name) || name.startsWith('x-amz-');
}

function withHeaders(request: RawRequest, headers: readonly (readonly [string, string])[]): RawRequest {
  const replaced = new Set(headers.map(([name]) => name.toLowerCase()));
  const kept = request.rawHeaders.filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...request, rawHeaders: [...kept, ...headers] };
}
