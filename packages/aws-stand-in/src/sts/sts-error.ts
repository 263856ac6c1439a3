import type { SecretRefusal, SecretRejection } from '@rolesanywhere/emulator';

import { ServiceError } from '../service-error.js';

/**
 * The error STS answers for a request that does not verify.
 *
 * @see AWS STS API Reference, "Common Errors"
 */
export function stsError({ reason, message }: SecretRejection): ServiceError {
  const [status, code, text] = VERIFICATION_ERRORS[reason];
  return new ServiceError({ status, code, message: text ?? message });
}

const UNKNOWN_KEY = [
  403,
  'InvalidClientTokenId',
  'The security token included in the request is invalid.',
] as const;
const INCOMPLETE = [400, 'IncompleteSignature'] as const;
const WRONG_SIGNATURE = [403, 'SignatureDoesNotMatch'] as const;

/** Status, code and text; without a text the reason of the verifier is told. */
const VERIFICATION_ERRORS: Readonly<
  Record<SecretRefusal, readonly [status: number, code: string, text?: string]>
> = {
  MISSING_AUTHORIZATION: [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
  MALFORMED: INCOMPLETE,
  WRONG_SCOPE: WRONG_SIGNATURE,
  SKEWED: WRONG_SIGNATURE,
  EXPIRED_REQUEST: WRONG_SIGNATURE,
  UNKNOWN_KEY,
  MISSING_TOKEN: UNKNOWN_KEY,
  WRONG_TOKEN: UNKNOWN_KEY,
  EXPIRED_TOKEN: [403, 'ExpiredToken', 'The security token included in the request is expired'],
  UNSIGNED_HEADER: WRONG_SIGNATURE,
  WRONG_SIGNATURE: [
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  ],
  MISSING_PAYLOAD_HASH: INCOMPLETE,
  WRONG_PAYLOAD_HASH: INCOMPLETE,
  MALFORMED_CHUNKS: INCOMPLETE,
  WRONG_CHUNK_SIGNATURE: INCOMPLETE,
};
