import { createHmac } from 'node:crypto';

/** What a derived key is bound to: it is of no use on another day, in another region or for another service. */
export interface SigningKeyScope {
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Derives the key of ordinary Signature Version 4 from a secret access key: four HMACs, one inside the other.
 *
 * @returns 32 bytes
 * @see AWS IAM User Guide, "Create a signed AWS API request", step 4
 */
export function deriveSigningKey(secretAccessKey: string, scope: SigningKeyScope): Uint8Array {
  const first = hmacSha256(Buffer.from(`AWS4${secretAccessKey}`, 'utf8'), scope.date);
  return [scope.region, scope.service, 'aws4_request'].reduce(hmacSha256, first);
}

/** HMAC-SHA-256 of a text in UTF-8, 32 bytes. */
export function hmacSha256(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
