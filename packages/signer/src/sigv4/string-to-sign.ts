import { platform } from '#platform';
import type { SigningAlgorithm } from '../identity/signing-key.js';

/** What the string to sign is made of. */
export interface StringToSignInput {
  readonly algorithm: SigningAlgorithm;
  /** The value of `X-Amz-Date`: `YYYYMMDD'T'HHMMSS'Z'`. */
  readonly longDate: string;
  /** `YYYYMMDD/region/service/aws4_request` */
  readonly scope: string;
  /** The text of {@link canonicalRequest}. */
  readonly canonicalRequest: string;
}

/**
 * Task 2: the string to sign. Algorithm, date, scope and the hash of the canonical request, a line each, no final newline.
 *
 * @see IAM Roles Anywhere User Guide, authentication-sign-process, task 2
 */
export function stringToSign(input: StringToSignInput): string {
  return `${input.algorithm}\n${input.longDate}\n${input.scope}\n${platform.sha256Hex(input.canonicalRequest)}`;
}
