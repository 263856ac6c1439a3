/** Error types that the service's control plane answers with. */
export type ControlPlaneErrorType = 'ValidationException' | 'ResourceNotFoundException';

/**
 * A control-plane call that the service would refuse too: thrown by `createTrustAnchor`, `createProfile`, `createRole`,
 * `importCrl` and the enable, disable and delete functions. `name` is the service's error type, so a log line reads
 * `ValidationException: Incorrect basic constraints for CA certificate`.
 *
 * @see AWS IAM Roles Anywhere API Reference, "Common Errors"
 */
export class ControlPlaneError extends Error {
  override readonly name: ControlPlaneErrorType;
  /** HTTP status of that error: 400 or 404. */
  readonly status: number;

  constructor(errorType: ControlPlaneErrorType, message: string) {
    super(message);
    this.name = errorType;
    this.status = errorType === 'ResourceNotFoundException' ? 404 : 400;
  }
}

/** What went wrong between the emulator and the back end that mints credentials. */
export type MintErrorCode = 'ASSUME_ROLE_REFUSED' | 'ASSUME_ROLE_FAILED' | 'INVALID_OPTION';

/**
 * A `Mint` could not give credentials. `ASSUME_ROLE_REFUSED`: the back end said no (CreateSession answers 403
 * `Unable to assume role for …`); `ASSUME_ROLE_FAILED`: it could not be reached or its answer made no sense
 * (CreateSession answers 500); `INVALID_OPTION`: the mint was set up wrongly. Messages hold no secret.
 */
export class MintError extends Error {
  override readonly name = 'MintError';
  readonly code: MintErrorCode;

  constructor(code: MintErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
