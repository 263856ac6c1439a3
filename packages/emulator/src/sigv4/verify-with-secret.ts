import type { RawRequest } from '../http.js';
import { canonicalHeaderValue } from './canonical-headers.js';
import { canonicalRequest } from './canonical-request.js';
import { payloadHash, verifyPayload } from './payload.js';
import { type PresentedSignature, presentedSignature } from './presented-signature.js';
import { isSameText } from './same-text.js';
import { refuse, type SecretRejection, type SecretVerdict } from './secret-verdict.js';
import { deriveSigningKey, hmacSha256 } from './signing-key.js';
import { stringToSign } from './string-to-sign.js';

/** What is known about an access key. */
export interface KnownSecret {
  readonly secretAccessKey: string;
  /** Present for a session: then every request must carry it. */
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What a request is verified against. */
export interface SecretContext {
  /** Also for an expired session, so that it is refused as such. */
  readonly findSecret: (accessKeyId: string) => KnownSecret | undefined;
  readonly now: Date;
  /** How far the signing date may be from `now`, either way. Default 900, as S3 and STS have it. */
  readonly toleranceSeconds?: number;
  /** Services this endpoint serves, as they stand in a credential scope. */
  readonly services: readonly string[];
  /** The region this endpoint serves. Default: any. */
  readonly region?: string;
}

/**
 * Verifies ordinary Signature Version 4 from the raw request: in the Authorization header or presigned in the query,
 * with the session token and its expiry, the clock, the scope, the headers that must be signed, and the body by
 * whatever `x-amz-content-sha256` says about it, chunk by chunk if it is signed so.
 *
 * @returns the key and the plain body, or the first reason against it; never throws
 * @see AWS IAM User Guide, "AWS Signature Version 4 for API requests"; Amazon S3 API Reference, "Authenticating Requests"
 */
export function verifyWithSecret(request: RawRequest, context: SecretContext): SecretVerdict {
  const presented = presentedSignature(request);
  if (!presented.ok) return presented;
  const problem = scopeProblem(presented, context) ?? clockProblem(presented, context);
  if (problem) return problem;
  const { credentialId } = presented.authorization;
  const known = context.findSecret(credentialId);
  if (!known) return refuse('UNKNOWN_KEY', 'No such access key.', credentialId);
  return (
    tokenProblem(presented, known, context.now) ??
    headerProblem(presented) ??
    verifySignature(presented, known.secretAccessKey)
  );
}

function verifySignature(presented: PresentedSignature, secretAccessKey: string): SecretVerdict {
  const { authorization, longDate, request } = presented;
  const { scope, service, region, signature, credentialId, signedHeaders } = authorization;
  const hash = payloadHash(presented);
  if (typeof hash !== 'string') return hash;
  const signingKey = deriveSigningKey(secretAccessKey, authorization);
  const text = stringToSign({
    algorithm: authorization.algorithm,
    longDate,
    scope,
    canonicalRequest: canonicalRequest(request, {
      signedHeaders,
      doubleEncodePath: service !== 's3',
      payloadHash: hash,
    }),
  });
  const expected = Buffer.from(hmacSha256(signingKey, text)).toString('hex');
  if (!isSameText(expected, signature))
    return refuse('WRONG_SIGNATURE', 'The request is not the one that was signed.', credentialId);
  const payload = verifyPayload(request, hash, { signature, signingKey, longDate, scope });
  return payload.ok ? { ...payload, accessKeyId: credentialId, region, service } : payload;
}

function scopeProblem(
  { authorization, longDate }: PresentedSignature,
  context: SecretContext,
): SecretRejection | undefined {
  const { date, region, service, terminator, credentialId } = authorization;
  const isRight =
    date === longDate.slice(0, 8) &&
    terminator === 'aws4_request' &&
    context.services.includes(service) &&
    (context.region === undefined || region === context.region);
  if (isRight) return undefined;
  const expected = `${longDate.slice(0, 8)}/${context.region ?? region}/${context.services.join(' or ')}/aws4_request`;
  return refuse('WRONG_SCOPE', `The credential scope should be ${expected}.`, credentialId);
}

function clockProblem(presented: PresentedSignature, context: SecretContext): SecretRejection | undefined {
  const { signedAt, expiresSeconds, longDate, authorization } = presented;
  const age = (context.now.getTime() - signedAt.getTime()) / 1000;
  const tolerance = context.toleranceSeconds ?? 900;
  if (age < -tolerance || (expiresSeconds === undefined && age > tolerance))
    return refuse(
      'SKEWED',
      `The signing date ${longDate} is too far from the time of the server.`,
      authorization.credentialId,
    );
  if (expiresSeconds !== undefined && age > expiresSeconds)
    return refuse('EXPIRED_REQUEST', 'The presigned request has expired.', authorization.credentialId);
  return undefined;
}

function tokenProblem(
  { sessionToken, authorization: { credentialId } }: PresentedSignature,
  known: KnownSecret,
  now: Date,
): SecretRejection | undefined {
  if (known.sessionToken !== undefined && sessionToken === undefined)
    return refuse(
      'MISSING_TOKEN',
      'The access key belongs to a session: send its X-Amz-Security-Token.',
      credentialId,
    );
  if (sessionToken !== undefined && !isSameText(sessionToken, known.sessionToken ?? ''))
    return refuse('WRONG_TOKEN', 'The session token does not belong to the access key.', credentialId);
  if (known.expiration && known.expiration <= now)
    return refuse('EXPIRED_TOKEN', 'The session has expired.', credentialId);
  return undefined;
}

/** `host` and every `x-amz-` header must be signed, and what is signed must be there. */
function headerProblem({ request, authorization }: PresentedSignature): SecretRejection | undefined {
  const { signedHeaders, credentialId } = authorization;
  const present = new Set(request.rawHeaders.map(([name]) => name.toLowerCase()));
  const mustBeSigned = ['host', ...[...present].filter((name) => name.startsWith('x-amz-'))];
  // Without X-Amz-Date the Date header is the signing date.
  if (!present.has('x-amz-date') && present.has('date') && !isPresigned(request)) mustBeSigned.push('date');
  const signed = new Set(signedHeaders);
  const unsigned = mustBeSigned.find((name) => !signed.has(name));
  if (unsigned !== undefined)
    return refuse('UNSIGNED_HEADER', `The header ${unsigned} must be signed.`, credentialId);
  const absent = signedHeaders.find((name) => !present.has(name));
  if (absent === undefined) return undefined;
  return refuse('UNSIGNED_HEADER', `The signed header ${absent} is not in the request.`, credentialId);
}

function isPresigned(request: RawRequest): boolean {
  return canonicalHeaderValue(request, 'authorization') === undefined;
}
