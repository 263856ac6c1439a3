import { createHash } from 'node:crypto';

import type { RawRequest } from '../http.js';
import { parseAwsChunked } from './aws-chunked.js';
import { canonicalHeaderValue } from './canonical-headers.js';
import { type ChunkSignatureSeed, verifyChunkSignatures } from './chunk-signatures.js';
import type { PresentedSignature } from './presented-signature.js';
import { parseQuery, splitTarget } from './request-target.js';
import { refuse, type SecretRejection } from './secret-verdict.js';

/** The body of a verified request. */
export interface Payload {
  readonly ok: true;
  readonly payload: Uint8Array;
  readonly trailers: ReadonlyMap<string, string>;
}

const STREAMING = {
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { isSigned: false, mayHaveTrailers: true },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { isSigned: true, mayHaveTrailers: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { isSigned: true, mayHaveTrailers: true },
} as const;

/**
 * The last line of the canonical request. For S3 it is what `x-amz-content-sha256` says, a hash or the name of one of
 * the forms in which the body is not hashed as a whole; for every other service it is the hash of the body.
 */
export function payloadHash(presented: PresentedSignature): string | SecretRejection {
  const { request, authorization } = presented;
  if (authorization.service !== 's3') return sha256(request.body);
  const declared = declaredHash(presented);
  if (declared === undefined)
    return refuse('MISSING_PAYLOAD_HASH', 'S3 requests need the header x-amz-content-sha256.');
  if (declared === 'UNSIGNED-PAYLOAD' || streamingForm(declared) || /^[0-9a-f]{64}$/.test(declared))
    return declared;
  return refuse(
    'MALFORMED',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a supported STREAMING- name, or a SHA-256 in lower-case hex.',
    authorization.credentialId,
  );
}

/** Holds the body against the hash that was signed, and takes `aws-chunked` bodies out of their chunks. */
export function verifyPayload(
  request: RawRequest,
  declared: string,
  seed: ChunkSignatureSeed,
): Payload | SecretRejection {
  const form = streamingForm(declared);
  if (form) return verifyChunks(request, form, seed);
  if (declared !== 'UNSIGNED-PAYLOAD' && declared !== sha256(request.body))
    return refuse('WRONG_PAYLOAD_HASH', 'The body is not the one that x-amz-content-sha256 was made for.');
  return { ok: true, payload: request.body, trailers: new Map() };
}

type StreamingForm = (typeof STREAMING)[keyof typeof STREAMING];

function streamingForm(declared: string): StreamingForm | undefined {
  return Object.entries(STREAMING).find(([name]) => name === declared)?.[1];
}

function verifyChunks(
  request: RawRequest,
  form: StreamingForm,
  seed: ChunkSignatureSeed,
): Payload | SecretRejection {
  const body = parseAwsChunked(request.body);
  if (!body) return refuse('MALFORMED_CHUNKS', 'The body is not in the form aws-chunked.');
  const payload = Buffer.concat(body.chunks.map(({ data }) => data));
  if (canonicalHeaderValue(request, 'x-amz-decoded-content-length') !== String(payload.length))
    return refuse('MALFORMED_CHUNKS', 'The body has another length than x-amz-decoded-content-length says.');
  const announced = (canonicalHeaderValue(request, 'x-amz-trailer') ?? '').toLowerCase().split(/ ?, ?/);
  const trailers = new Map([...body.trailers].filter(([name]) => name !== 'x-amz-trailer-signature'));
  if ([...trailers.keys()].some((name) => !form.mayHaveTrailers || !announced.includes(name)))
    return refuse('MALFORMED_CHUNKS', 'The body has a trailing header that x-amz-trailer does not announce.');
  if (announced.some((name) => name !== '' && !trailers.has(name)))
    return refuse('MALFORMED_CHUNKS', 'A trailing header that x-amz-trailer announces is missing.');
  if (form.isSigned && !verifyChunkSignatures(body, seed))
    return refuse('WRONG_CHUNK_SIGNATURE', 'A chunk, or the trailer, is not the one that was signed.');
  return { ok: true, payload, trailers };
}

function declaredHash({ request, place }: PresentedSignature): string | undefined {
  const header = canonicalHeaderValue(request, 'x-amz-content-sha256');
  if (header !== undefined || place === 'header') return header;
  const parameter = parseQuery(splitTarget(request.target).query).find(
    ({ name }) => Buffer.from(name).toString('latin1').toLowerCase() === 'x-amz-content-sha256',
  );
  return parameter ? Buffer.from(parameter.value).toString('latin1') : 'UNSIGNED-PAYLOAD';
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
