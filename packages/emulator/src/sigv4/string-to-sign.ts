import { createHash } from 'node:crypto';

/** The four parts of a string to sign. */
export interface StringToSignInput {
  /** As in the Authorization header, for example `AWS4-HMAC-SHA256`. */
  readonly algorithm: string;
  /** The signing date, `YYYYMMDDTHHMMSSZ`. */
  readonly longDate: string;
  /** `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
  readonly canonicalRequest: string;
}

/**
 * Joins algorithm, date, scope and the hash of the canonical request: what is signed in the end.
 *
 * @see AWS IAM User Guide, "Create a signed AWS API request", step 3
 */
export function stringToSign(input: StringToSignInput): string {
  const hash = createHash('sha256').update(input.canonicalRequest, 'utf8').digest('hex');
  return [input.algorithm, input.longDate, input.scope, hash].join('\n');
}
