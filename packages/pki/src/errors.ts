/**
 * What went wrong, as a closed list.
 *
 * - `CERTIFICATE_MALFORMED`: the input is not one X.509 certificate (PEM or DER), or larger than 64 KiB
 * - `CRL_MALFORMED`: the input is not one X.509 certificate revocation list, or larger than 1 MiB
 * - `INVALID_OPTION`: an option of an issuing function is out of its limits
 * - `ISSUING_FAILED`: this runtime could not make the key, or the key could not sign
 */
export const PKI_ERROR_CODES = [
  'CERTIFICATE_MALFORMED',
  'CRL_MALFORMED',
  'INVALID_OPTION',
  'ISSUING_FAILED',
] as const;

/** One of {@link PKI_ERROR_CODES}. */
export type PkiErrorCode = (typeof PKI_ERROR_CODES)[number];

/**
 * The one error class of this package. Tell its cases apart by `code`; `cause` keeps what lies below.
 * The message never holds key material.
 *
 * @example
 * ```ts
 * import { PkiError, parseCertificate } from '@rolesanywhere/pki';
 *
 * try {
 *   parseCertificate('not a certificate');
 * } catch (error) {
 *   if (error instanceof PkiError) console.error(error.code, error.message);
 * }
 * ```
 */
export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
