import type { SecretRefusal, SecretRejection } from '@rolesanywhere/emulator';

import { ServiceError } from '../service-error.js';

/**
 * The error S3 answers for a request that does not verify.
 *
 * @param region what a client should have signed for
 * @see Amazon S3 API Reference, "Error responses"
 */
export function s3VerificationError(rejection: SecretRejection, region: string): ServiceError {
  const { reason, message, accessKeyId = '' } = rejection;
  const [status, code, text] = VERIFICATION_ERRORS[reason];
  const details = {
    ...(reason === 'WRONG_SCOPE' ? { Region: region } : {}),
    ...(code === 'InvalidAccessKeyId' ? { AWSAccessKeyId: accessKeyId } : {}),
  };
  return new ServiceError({ status, code, message: text ?? message, details });
}

/** An S3 error by status, code and text. */
export function s3Error(status: number, code: string, message: string): ServiceError {
  return new ServiceError({ code, status, message });
}

/** The policy, or the lack of a signature, forbids it. */
export function accessDenied(): ServiceError {
  return s3Error(403, 'AccessDenied', 'Access Denied');
}

/** The request is signed in a way that newer regions of S3 do not take. */
export function unsupportedSignature(): ServiceError {
  return s3Error(
    400,
    'InvalidRequest',
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  );
}

/** There is no bucket of that name. */
export function noSuchBucket(name: string): ServiceError {
  return new ServiceError({
    code: 'NoSuchBucket',
    status: 404,
    message: 'The specified bucket does not exist',
    details: { BucketName: name },
  });
}

/** The bucket has no object of that key. */
export function noSuchKey(key: string): ServiceError {
  return new ServiceError({
    code: 'NoSuchKey',
    status: 404,
    message: 'The specified key does not exist.',
    details: { Key: key },
  });
}

/** A body that should be XML of a certain form and is not. */
export function malformedXml(): ServiceError {
  return s3Error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** A parameter or header with a value that cannot be. */
export function invalidArgument(message: string): ServiceError {
  return s3Error(400, 'InvalidArgument', message);
}

const UNKNOWN_KEY = [
  403,
  'InvalidAccessKeyId',
  'The AWS Access Key Id you provided does not exist in our records.',
] as const;
const WRONG_SIGNATURE = [
  403,
  'SignatureDoesNotMatch',
  'The request signature we calculated does not match the signature you provided.',
] as const;

/** Status, code and text; without a text the reason of the verifier is told. */
const VERIFICATION_ERRORS: Readonly<
  Record<SecretRefusal, readonly [status: number, code: string, text?: string]>
> = {
  MISSING_AUTHORIZATION: [403, 'AccessDenied', 'Access Denied'],
  MALFORMED: [400, 'AuthorizationHeaderMalformed'],
  WRONG_SCOPE: [400, 'AuthorizationHeaderMalformed'],
  SKEWED: [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  EXPIRED_REQUEST: [403, 'AccessDenied', 'Request has expired'],
  UNKNOWN_KEY,
  // S3 does not know a session's key without its token.
  MISSING_TOKEN: UNKNOWN_KEY,
  WRONG_TOKEN: [400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  EXPIRED_TOKEN: [400, 'ExpiredToken', 'The provided token has expired.'],
  UNSIGNED_HEADER: [403, 'AccessDenied'],
  WRONG_SIGNATURE,
  MISSING_PAYLOAD_HASH: [
    400,
    'InvalidRequest',
    'Missing required header for this request: x-amz-content-sha256',
  ],
  WRONG_PAYLOAD_HASH: [
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
  MALFORMED_CHUNKS: [400, 'IncompleteBody'],
  WRONG_CHUNK_SIGNATURE: WRONG_SIGNATURE,
};
