/** Every reason for which a request signed with a secret access key is refused. */
export const SECRET_REFUSALS = [
  /** Neither an Authorization header nor a presigned query. */
  'MISSING_AUTHORIZATION',
  /** There is one, or two, and it cannot be read. */
  'MALFORMED',
  /** Date, region, service or terminator of the credential scope are not ours. */
  'WRONG_SCOPE',
  /** The signing date is outside the clock window. */
  'SKEWED',
  /** A presigned request past its `X-Amz-Expires`. */
  'EXPIRED_REQUEST',
  'UNKNOWN_KEY',
  'MISSING_TOKEN',
  /** Not the token of this key, or a token with a key that has none. */
  'WRONG_TOKEN',
  'EXPIRED_TOKEN',
  /** `host` or an `x-amz-` header is not signed, or a signed header is not there. */
  'UNSIGNED_HEADER',
  'WRONG_SIGNATURE',
  /** S3 without `x-amz-content-sha256`. */
  'MISSING_PAYLOAD_HASH',
  /** The body is not what `x-amz-content-sha256` says. */
  'WRONG_PAYLOAD_HASH',
  /** An `aws-chunked` body that cannot be read or has another length than announced. */
  'MALFORMED_CHUNKS',
  /** A chunk or the trailer is not what was signed. */
  'WRONG_CHUNK_SIGNATURE',
] as const;

/** One of {@link SECRET_REFUSALS}. */
export type SecretRefusal = (typeof SECRET_REFUSALS)[number];

/** A request that verified. */
export interface SecretAcceptance {
  readonly ok: true;
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** The body; without its chunks where it came as `aws-chunked`. */
  readonly payload: Uint8Array;
  /** Trailing headers of an `aws-chunked` body, names in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** A request that did not. `message` says why, for people; it holds no secret, token or signature. */
export interface SecretRejection {
  readonly ok: false;
  readonly reason: SecretRefusal;
  readonly message: string;
  /** When one was presented. */
  readonly accessKeyId?: string;
}

/** What the verification of a request came to. */
export type SecretVerdict = SecretAcceptance | SecretRejection;

/** Builds a refusal. */
export function refuse(reason: SecretRefusal, message: string, accessKeyId?: string): SecretRejection {
  return { ok: false, reason, message, ...(accessKeyId === undefined ? {} : { accessKeyId }) };
}
