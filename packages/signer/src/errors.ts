/** Codes of {@link ConfigurationError}: found before anything is read or sent. */
export type ConfigurationErrorCode =
  'INVALID_OPTION' | 'INVALID_ARN' | 'REGION_MISMATCH' | 'REGION_UNKNOWN' | 'NOT_CONFIGURED';

/** Codes of {@link IdentityError}: the local certificate, its chain and its private key. */
export type IdentityErrorCode =
  | 'IDENTITY_UNAVAILABLE'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CHAIN_INVALID'
  | 'PRIVATE_KEY_INVALID'
  | 'PASSPHRASE_REQUIRED'
  | 'PASSPHRASE_WRONG'
  | 'KEY_UNSUPPORTED';

/** Codes of {@link SigningError}: the key was asked and failed. */
export type SigningErrorCode = 'SIGNING_FAILED' | 'KEY_MISMATCH';

/** What every error of this project is made of. */
export interface RolesAnywhereErrorInit<Code extends string = string> {
  readonly code: Code;
  /** What happened, to which thing, what to do. Never content of keys, passphrases, tokens or signatures. */
  readonly message: string;
  /** What led to it. Default: none. */
  readonly cause?: unknown;
  /** Whether a chain of credential providers may go on to its next link. Default: false. */
  readonly tryNextLink?: boolean;
}

/** ESM and CommonJS copies of the classes can meet in one process, so that `instanceof` is not enough. */
const BRAND = Symbol.for('@rolesanywhere/error');

/**
 * The base of every error of this project. Tell them apart by `code`, a closed list per class.
 *
 * @example
 * if (isRolesAnywhereError(error) && error.code === 'CERTIFICATE_EXPIRED') renewCertificate();
 */
export class RolesAnywhereError<Code extends string = string> extends Error {
  override name: string = 'RolesAnywhereError';
  readonly code: Code;
  readonly tryNextLink: boolean;

  constructor(init: RolesAnywhereErrorInit<Code>) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.tryNextLink = init.tryNextLink ?? false;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Name, code and message; not the cause, which may come from elsewhere and hold anything. */
  toJSON(): { name: string; code: Code; message: string } {
    return { name: this.name, code: this.code, message: this.message };
  }
}

/** An option is wrong or missing. Thrown before any file is read and any request is sent. */
export class ConfigurationError extends RolesAnywhereError<ConfigurationErrorCode> {
  override name: string = 'ConfigurationError';
}

/** The certificate, its chain or its private key cannot be used. */
export class IdentityError extends RolesAnywhereError<IdentityErrorCode> {
  override name: string = 'IdentityError';
}

/** The private key was asked for a signature and failed, or does not belong to the certificate. */
export class SigningError extends RolesAnywhereError<SigningErrorCode> {
  override name: string = 'SigningError';
}

/**
 * True for every error of this project, also for one made by another copy of its packages.
 *
 * @example
 * catch (error) { if (isRolesAnywhereError(error)) console.error(error.code, error.message); }
 */
export function isRolesAnywhereError(error: unknown): error is RolesAnywhereError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
