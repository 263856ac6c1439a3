import type { SigningAlgorithm } from '../identity/signing-key.js';

/** What the header is made of. */
export interface AuthorizationInput {
  readonly algorithm: SigningAlgorithm;
  /** Of the certificate; written in decimal. */
  readonly serialNumber: bigint;
  /** `YYYYMMDD/region/service/aws4_request` */
  readonly scope: string;
  /** Lower-case names, sorted, joined by `;`. */
  readonly signedHeaders: string;
  /** Lower-case hexadecimal. */
  readonly signature: string;
}

/**
 * Task 4: the value of the `Authorization` header.
 *
 * @see IAM Roles Anywhere User Guide, authentication-sign-process, task 4
 */
export function authorization(input: AuthorizationInput): string {
  const { algorithm, serialNumber, scope, signedHeaders } = input;
  return `${algorithm} Credential=${serialNumber.toString()}/${scope}, SignedHeaders=${signedHeaders}, Signature=${input.signature}`;
}
