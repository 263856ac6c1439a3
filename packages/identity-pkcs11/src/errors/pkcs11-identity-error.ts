import {
  IdentityError,
  type IdentityErrorCode,
  SigningError,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import { CKR, CryptokiError } from './cryptoki-error.js';

const CODES: Readonly<Record<number, IdentityErrorCode>> = {
  [CKR.pinIncorrect]: 'PASSPHRASE_WRONG',
  [CKR.pinInvalid]: 'PASSPHRASE_WRONG',
  [CKR.pinLenRange]: 'PASSPHRASE_WRONG',
  [CKR.userNotLoggedIn]: 'PASSPHRASE_REQUIRED',
  [CKR.functionNotSupported]: 'KEY_UNSUPPORTED',
  [CKR.keySizeRange]: 'KEY_UNSUPPORTED',
  [CKR.keyTypeInconsistent]: 'KEY_UNSUPPORTED',
  [CKR.keyFunctionNotPermitted]: 'KEY_UNSUPPORTED',
  [CKR.mechanismInvalid]: 'KEY_UNSUPPORTED',
  [CKR.mechanismParamInvalid]: 'KEY_UNSUPPORTED',
};

/** What the provider rejects with when the module failed; errors of this project pass as they are. */
export function identityErrorOf(error: unknown, place: string): Error {
  if (isRolesAnywhereError(error)) return error;
  if (!(error instanceof CryptokiError)) {
    const message = `${place} failed; see the cause.`;
    return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause: error });
  }
  const code = CODES[error.code] ?? 'IDENTITY_UNAVAILABLE';
  return new IdentityError({ code, message: `${place}: ${error.message}`, cause: error });
}

/** What `sign` of the key rejects with. */
export function signingErrorOf(error: unknown, place: string): SigningError {
  if (error instanceof SigningError) return error;
  const { message } = identityErrorOf(error, place);
  return new SigningError({ code: 'SIGNING_FAILED', message, cause: error });
}
