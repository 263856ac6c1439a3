import {
  IdentityError,
  type IdentityErrorCode,
  SigningError,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import { TpmError } from '../tpm/tpm-error.js';

/** What errors name: the device and the key. */
export interface KeyLabels {
  /** As it was given: `/dev/tpmrm0`. */
  readonly device: string;
  /** A path, or `handle:0x81000001`. */
  readonly key: string;
}

/** What to do about a refusal, by its symbol. */
const ADVICE: Readonly<Record<string, string>> = {
  TPM_RC_LOCKOUT:
    'Nothing is tried again. Wait until the TPM forgets (tpm2_getcap properties-variable tells how long), or clear it with tpm2_dictionarylockout --clear-lockout',
  TPM_RC_OBJECT_MEMORY: 'Another program left keys loaded: tpm2_flushcontext -t, or use /dev/tpmrm0',
  TPM_RC_OBJECT_HANDLES: 'Another program left keys loaded: tpm2_flushcontext -t, or use /dev/tpmrm0',
  TPM_RC_MEMORY: 'Another program left keys loaded: tpm2_flushcontext -t, or use /dev/tpmrm0',
  TPM_RC_HANDLE: 'tpm2_getcap handles-persistent shows what is there',
  TPM_RC_INTEGRITY: 'Make the key with this TPM, or give the file that belongs to it',
  TPM_RC_INITIALIZE: 'Start it: tpm2_startup -c; firmware or the kernel does it for a TPM of hardware',
  TPM_RC_FAILURE: 'Restart the machine, or the emulated TPM; tpm2_gettestresult may tell more',
  TPM_RC_DISABLED: 'Enable the hierarchy of the key in the firmware setup',
  TPM_RC_COMMAND_CODE: 'Something in front of the TPM may hold it back',
  TPM_RC_HIERARCHY: 'Enable the hierarchy of the parent, or make the key below another one',
  TPM_RC_SCHEME: 'Make a key without a scheme, or with RSASSA or ECDSA and SHA-256',
};

/** Refusals that are the fault of the key file. */
const KEY_FAULTS: ReadonlySet<string> = new Set([
  'TPM_RC_INTEGRITY',
  'TPM_RC_BINDING',
  'TPM_RC_SENSITIVE',
  'TPM_RC_KEY',
]);
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'TPM_RC_SCHEME',
  'TPM_RC_CURVE',
  'TPM_RC_KEY_SIZE',
  'TPM_RC_ASYMMETRIC',
]);

/** For the time when an identity is read. What is an error of this project already stays as it is. */
export function asIdentityError(error: unknown, labels: KeyLabels): Error {
  if (isRolesAnywhereError(error)) return error;
  return new IdentityError({ code: codeOf(error), message: sentence(error, labels), cause: error });
}

/** For the time when a key is asked for a signature. */
export function asSigningError(error: unknown, labels: KeyLabels): SigningError {
  if (error instanceof SigningError) return error;
  const message = isRolesAnywhereError(error) ? error.message : sentence(error, labels);
  return new SigningError({ code: 'SIGNING_FAILED', message, cause: error });
}

function codeOf(error: unknown): IdentityErrorCode {
  const symbol = error instanceof TpmError ? error.response?.symbol : undefined;
  if (symbol === undefined) return 'IDENTITY_UNAVAILABLE';
  if (KEY_FAULTS.has(symbol)) return 'PRIVATE_KEY_INVALID';
  return UNSUPPORTED.has(symbol) ? 'KEY_UNSUPPORTED' : 'IDENTITY_UNAVAILABLE';
}

function sentence(error: unknown, { device, key }: KeyLabels): string {
  const what = error instanceof TpmError ? error.message : 'something unexpected went wrong; see the cause';
  const advice = error instanceof TpmError ? ADVICE[error.response?.symbol ?? ''] : undefined;
  const parts = [`The TPM at ${device} cannot be used for the key ${key}: ${what}`, advice];
  return parts
    .filter((part) => part !== undefined)
    .map((part) => part.replace(/\.?$/, '.'))
    .join(' ');
}
