import type { RawRequest } from '../http.js';
import { type Authorization, assembleAuthorization, parseAuthorization } from './authorization.js';
import { formatLongDate, parseLongDate } from './long-date.js';
import { parseQuery, splitTarget } from './request-target.js';
import { refuse, type SecretRejection } from './secret-verdict.js';
import { trimBlanks } from './trim-blanks.js';

/** What a request presents to be verified, from its headers or from its query (a presigned URL). */
export interface PresentedSignature {
  readonly ok: true;
  readonly place: 'header' | 'query';
  readonly authorization: Authorization;
  /** As signed, `YYYYMMDDTHHMMSSZ`. */
  readonly longDate: string;
  readonly signedAt: Date;
  /** Life of a presigned request in seconds, 1 to 604800. */
  readonly expiresSeconds?: number;
  readonly sessionToken?: string;
  /** The request as it was signed: without `X-Amz-Signature` in its query. */
  readonly request: RawRequest;
}

/**
 * Finds the signature of a request, in one place only.
 *
 * @see Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)"
 */
export function presentedSignature(request: RawRequest): PresentedSignature | SecretRejection {
  const inHeader = headerValues(request, 'authorization');
  const query = queryText(request);
  const inQuery = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature'].some((name) => query.has(name));
  if (inHeader.length === 0 && !inQuery)
    return refuse('MISSING_AUTHORIZATION', 'The request is not signed. Sign it with Signature Version 4.');
  if (inHeader.length + Number(inQuery) > 1)
    return refuse('MALFORMED', 'The request is signed twice. Use one Authorization header or one query.');
  return inQuery ? fromQuery(request, query) : fromHeader(request, inHeader[0] ?? '');
}

function fromHeader(request: RawRequest, value: string): PresentedSignature | SecretRejection {
  const authorization = parseAuthorization(value);
  if (authorization?.algorithm !== 'AWS4-HMAC-SHA256')
    return refuse(
      'MALFORMED',
      'The Authorization header is not of the form AWS4-HMAC-SHA256 Credential, SignedHeaders, Signature.',
    );
  const date = signingDate(request);
  const tokens = headerValues(request, 'x-amz-security-token');
  if (!date || tokens.length > 1)
    return refuse(
      'MALFORMED',
      'X-Amz-Date (or Date) is missing, repeated or no date, or X-Amz-Security-Token is repeated.',
      authorization.credentialId,
    );
  return { ok: true, place: 'header', authorization, ...date, ...tokenOf(tokens[0]), request };
}

function fromQuery(
  request: RawRequest,
  query: ReadonlyMap<string, readonly string[]>,
): PresentedSignature | SecretRejection {
  const [algorithm, credential, longDate, expires, signedHeaders, signature] = QUERY_PARTS.map((name) =>
    query.get(name)?.length === 1 ? query.get(name)?.[0] : undefined,
  );
  const tokens = query.get('X-Amz-Security-Token') ?? [];
  const signedAt = parseLongDate(longDate ?? '');
  const authorization = assembleAuthorization(algorithm ?? '', {
    credential: credential ?? '',
    signedHeaders: signedHeaders ?? '',
    signature: signature ?? '',
  });
  const expiresSeconds = /^[1-9]\d{0,5}$/.test(expires ?? '') ? Number(expires) : Infinity;
  if (algorithm !== 'AWS4-HMAC-SHA256' || !authorization || !signedAt || tokens.length > 1)
    return refuse('MALFORMED', 'A presigned query parameter is missing, repeated or malformed.');
  if (expiresSeconds > 604_800)
    return refuse('MALFORMED', 'X-Amz-Expires is missing or not a number of seconds from 1 to 604800.');
  return {
    ok: true,
    place: 'query',
    authorization,
    longDate: longDate ?? '',
    signedAt,
    expiresSeconds,
    ...tokenOf(tokens[0]),
    request: { ...request, target: withoutSignature(request.target) },
  };
}

const QUERY_PARTS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
] as const;

function tokenOf(sessionToken: string | undefined): { sessionToken?: string } {
  return sessionToken === undefined ? {} : { sessionToken };
}

/** X-Amz-Date wins over Date; each at most once. */
function signingDate(request: RawRequest): { longDate: string; signedAt: Date } | undefined {
  const [own, ...repeated] = headerValues(request, 'x-amz-date');
  if (own !== undefined) {
    const signedAt = repeated.length === 0 ? parseLongDate(own) : undefined;
    return signedAt && { longDate: own, signedAt };
  }
  const [date = '', ...more] = headerValues(request, 'date');
  if (more.length > 0) return undefined;
  const signedAt = parseLongDate(date) ?? parseHttpDate(date);
  return signedAt && { longDate: formatLongDate(signedAt), signedAt };
}

/** RFC 9110 section 5.6.7, the preferred form only. */
function parseHttpDate(value: string): Date | undefined {
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toUTCString() === value ? date : undefined;
}

function headerValues(request: RawRequest, name: string): readonly string[] {
  return request.rawHeaders
    .filter(([candidate]) => candidate.toLowerCase() === name)
    .map(([, value]) => trimBlanks(value));
}

function queryText(request: RawRequest): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of parseQuery(splitTarget(request.target).query)) {
    const key = Buffer.from(name).toString('utf8');
    const text = Buffer.from(value).toString('utf8');
    const known = values.get(key);
    if (known) known.push(text);
    else values.set(key, [text]);
  }
  return values;
}

function withoutSignature(target: string): string {
  const { path, query } = splitTarget(target);
  const kept = query.split('&').filter((piece) => !/^X-Amz-Signature(?:=|$)/.test(decodedName(piece)));
  return `${path}?${kept.join('&')}`;
}

function decodedName(piece: string): string {
  const [parameter] = parseQuery(piece);
  return parameter ? Buffer.from(parameter.name).toString('utf8') : '';
}
