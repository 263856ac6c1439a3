/** What a function of a module answers, other than CKR_OK. */
export interface ReturnValue {
  readonly symbol: string;
  /** In the words that follow the name of the function: "the PIN is wrong". */
  readonly meaning: string;
  /** A sentence. */
  readonly advice: string;
}

const PIN = 'Correct the PIN; this process does not try this one again.';
const REPORT = 'Ask the maker of the module; `pkcs11-spy.so` of OpenSC shows the calls.';
const RESTART = 'Insert the token, or start what serves it; the next call looks for it again.';
const KEY = 'Check the key with `pkcs11-tool --list-objects --login --type privkey`.';
const SUPPORT = 'Use an RSA or EC key that may sign (CKA_SIGN).';
const MEMORY = 'Free memory, and try again.';

/** Code, symbol, meaning, advice: those of version 2.40, and those of 3.0 that a signature can meet. */
const TABLE: readonly (readonly [number, string, string, string])[] = [
  [0x01, 'CKR_CANCEL', 'the function was cancelled', 'Try again.'],
  [0x02, 'CKR_HOST_MEMORY', 'this machine has too little memory', MEMORY],
  [0x03, 'CKR_SLOT_ID_INVALID', 'there is no slot of that number', RESTART],
  [0x05, 'CKR_GENERAL_ERROR', 'the module failed and does not say why', REPORT],
  [0x06, 'CKR_FUNCTION_FAILED', 'the function failed', 'Try again, and look into the log of the module.'],
  [0x07, 'CKR_ARGUMENTS_BAD', 'the module takes these arguments for wrong', REPORT],
  [0x08, 'CKR_NO_EVENT', 'nothing has happened at a slot', REPORT],
  [0x09, 'CKR_NEED_TO_CREATE_THREADS', 'the module wants to start threads', REPORT],
  [0x0a, 'CKR_CANT_LOCK', 'the module cannot be used from several threads', 'Use p11-kit-proxy before it.'],
  [0x10, 'CKR_ATTRIBUTE_READ_ONLY', 'an attribute cannot be changed', REPORT],
  [0x11, 'CKR_ATTRIBUTE_SENSITIVE', 'an attribute may not be read', REPORT],
  [0x12, 'CKR_ATTRIBUTE_TYPE_INVALID', 'the object has no such attribute', REPORT],
  [0x13, 'CKR_ATTRIBUTE_VALUE_INVALID', 'an attribute has a wrong value', REPORT],
  [0x1b, 'CKR_ACTION_PROHIBITED', 'the token forbids it', SUPPORT],
  [0x20, 'CKR_DATA_INVALID', 'the token cannot sign this input', SUPPORT],
  [0x21, 'CKR_DATA_LEN_RANGE', 'the input has a length that the key cannot sign', SUPPORT],
  [0x30, 'CKR_DEVICE_ERROR', 'the token or its slot has a fault', RESTART],
  [0x31, 'CKR_DEVICE_MEMORY', 'the token is full', 'Remove objects or close sessions on the token.'],
  [0x32, 'CKR_DEVICE_REMOVED', 'the token was removed', RESTART],
  [0x40, 'CKR_ENCRYPTED_DATA_INVALID', 'the ciphertext is invalid', REPORT],
  [0x41, 'CKR_ENCRYPTED_DATA_LEN_RANGE', 'the ciphertext has a wrong length', REPORT],
  [
    0x50,
    'CKR_FUNCTION_CANCELED',
    'the function was cancelled, perhaps at the token',
    'Confirm at the token.',
  ],
  [0x51, 'CKR_FUNCTION_NOT_PARALLEL', 'nothing runs in parallel', REPORT],
  [0x54, 'CKR_FUNCTION_NOT_SUPPORTED', 'the module lacks this function', 'Use a module that signs.'],
  [0x60, 'CKR_KEY_HANDLE_INVALID', 'the key is not there any more', KEY],
  [0x62, 'CKR_KEY_SIZE_RANGE', 'the token cannot sign with a key of this size', SUPPORT],
  [0x63, 'CKR_KEY_TYPE_INCONSISTENT', 'the key is of another kind than the mechanism', SUPPORT],
  [0x64, 'CKR_KEY_NOT_NEEDED', 'no key was needed', REPORT],
  [0x65, 'CKR_KEY_CHANGED', 'the key has changed', KEY],
  [0x66, 'CKR_KEY_NEEDED', 'a key is needed', REPORT],
  [0x67, 'CKR_KEY_INDIGESTIBLE', 'the key cannot be digested', REPORT],
  [0x68, 'CKR_KEY_FUNCTION_NOT_PERMITTED', 'the key may not sign', SUPPORT],
  [0x69, 'CKR_KEY_NOT_WRAPPABLE', 'the key cannot be wrapped', REPORT],
  [0x6a, 'CKR_KEY_UNEXTRACTABLE', 'the key cannot be extracted', REPORT],
  [0x70, 'CKR_MECHANISM_INVALID', 'the token does not sign in this way with this key', SUPPORT],
  [0x71, 'CKR_MECHANISM_PARAM_INVALID', 'the mechanism has a wrong parameter', SUPPORT],
  [0x82, 'CKR_OBJECT_HANDLE_INVALID', 'the object is not there any more', KEY],
  [0x90, 'CKR_OPERATION_ACTIVE', 'the session is busy with something else', 'Try again.'],
  [0x91, 'CKR_OPERATION_NOT_INITIALIZED', 'the session forgot what was begun', 'Try again.'],
  [0xa0, 'CKR_PIN_INCORRECT', 'the PIN is wrong', PIN],
  [0xa1, 'CKR_PIN_INVALID', 'the PIN has characters that the token does not take', PIN],
  [0xa2, 'CKR_PIN_LEN_RANGE', 'the PIN is too short or too long for the token', PIN],
  [0xa3, 'CKR_PIN_EXPIRED', 'the PIN has expired', 'Set another with `pkcs11-tool --login --change-pin`.'],
  [
    0xa4,
    'CKR_PIN_LOCKED',
    'the PIN is locked after too many wrong ones',
    'Unblock it as security officer: `pkcs11-tool --login --login-type so --init-pin`.',
  ],
  [0xb0, 'CKR_SESSION_CLOSED', 'the session was closed', RESTART],
  [
    0xb1,
    'CKR_SESSION_COUNT',
    'the token has no free session',
    'Close other programs, or lower `maxSessions`.',
  ],
  [0xb3, 'CKR_SESSION_HANDLE_INVALID', 'the session is not there any more', RESTART],
  [0xb4, 'CKR_SESSION_PARALLEL_NOT_SUPPORTED', 'the session lacks a flag', REPORT],
  [0xb5, 'CKR_SESSION_READ_ONLY', 'the session may only read', REPORT],
  [0xb6, 'CKR_SESSION_EXISTS', 'a session is open', REPORT],
  [0xb7, 'CKR_SESSION_READ_ONLY_EXISTS', 'a reading session is open', REPORT],
  [
    0xb8,
    'CKR_SESSION_READ_WRITE_SO_EXISTS',
    'the security officer is logged in',
    'Log the security officer out.',
  ],
  [0xc0, 'CKR_SIGNATURE_INVALID', 'the signature is invalid', REPORT],
  [0xc1, 'CKR_SIGNATURE_LEN_RANGE', 'the signature has a wrong length', REPORT],
  [0xd0, 'CKR_TEMPLATE_INCOMPLETE', 'attributes are missing', REPORT],
  [0xd1, 'CKR_TEMPLATE_INCONSISTENT', 'attributes contradict each other', REPORT],
  [0xe0, 'CKR_TOKEN_NOT_PRESENT', 'no token is in the slot', RESTART],
  [0xe1, 'CKR_TOKEN_NOT_RECOGNIZED', 'the module does not know this token', 'Use the module of its maker.'],
  [0xe2, 'CKR_TOKEN_WRITE_PROTECTED', 'the token cannot be written', REPORT],
  [0xf0, 'CKR_UNWRAPPING_KEY_HANDLE_INVALID', 'the unwrapping key is not there', REPORT],
  [0xf1, 'CKR_UNWRAPPING_KEY_SIZE_RANGE', 'the unwrapping key has a wrong size', REPORT],
  [0xf2, 'CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT', 'the unwrapping key is of a wrong kind', REPORT],
  [0x100, 'CKR_USER_ALREADY_LOGGED_IN', 'the user is logged in already', REPORT],
  [0x101, 'CKR_USER_NOT_LOGGED_IN', 'the user is not logged in', 'Give the `pin`.'],
  [
    0x102,
    'CKR_USER_PIN_NOT_INITIALIZED',
    'the token has no user PIN yet',
    'Set one: `pkcs11-tool --login --login-type so --init-pin`.',
  ],
  [0x103, 'CKR_USER_TYPE_INVALID', 'the token has no such user', REPORT],
  [0x104, 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN', 'another user is logged in', 'Log that user out.'],
  [0x105, 'CKR_USER_TOO_MANY_TYPES', 'too many users are logged in', 'Log the others out.'],
  [0x110, 'CKR_WRAPPED_KEY_INVALID', 'the wrapped key is invalid', REPORT],
  [0x112, 'CKR_WRAPPED_KEY_LEN_RANGE', 'the wrapped key has a wrong length', REPORT],
  [0x113, 'CKR_WRAPPING_KEY_HANDLE_INVALID', 'the wrapping key is not there', REPORT],
  [0x114, 'CKR_WRAPPING_KEY_SIZE_RANGE', 'the wrapping key has a wrong size', REPORT],
  [0x115, 'CKR_WRAPPING_KEY_TYPE_INCONSISTENT', 'the wrapping key is of a wrong kind', REPORT],
  [0x120, 'CKR_RANDOM_SEED_NOT_SUPPORTED', 'the token takes no seed', REPORT],
  [0x121, 'CKR_RANDOM_NO_RNG', 'the token has no random numbers', 'Use an RSA key.'],
  [0x130, 'CKR_DOMAIN_PARAMS_INVALID', 'the token does not know the parameters of the curve', SUPPORT],
  [0x140, 'CKR_CURVE_NOT_SUPPORTED', 'the token does not know the curve', SUPPORT],
  [0x150, 'CKR_BUFFER_TOO_SMALL', 'the answer is longer than expected', REPORT],
  [0x160, 'CKR_SAVED_STATE_INVALID', 'the saved state is invalid', REPORT],
  [0x170, 'CKR_INFORMATION_SENSITIVE', 'the information may not be read', REPORT],
  [0x180, 'CKR_STATE_UNSAVEABLE', 'the state cannot be saved', REPORT],
  [
    0x190,
    'CKR_CRYPTOKI_NOT_INITIALIZED',
    'the module was shut down by someone else in this process',
    RESTART,
  ],
  [0x191, 'CKR_CRYPTOKI_ALREADY_INITIALIZED', 'the module is in use already', REPORT],
  [0x1a0, 'CKR_MUTEX_BAD', 'a lock is invalid', REPORT],
  [0x1a1, 'CKR_MUTEX_NOT_LOCKED', 'a lock was not taken', REPORT],
  [0x1b0, 'CKR_NEW_PIN_MODE', 'a new PIN must be set first', 'Set it with the tool of the token.'],
  [0x1b1, 'CKR_NEXT_OTP', 'the token wants the next one-time password', 'Try again with the next one.'],
  [0x1b5, 'CKR_EXCEEDED_MAX_ITERATIONS', 'the token gave up after many tries', 'Try again.'],
  [0x1b6, 'CKR_FIPS_SELF_TEST_FAILED', 'the token failed its self-test', 'Restart it, or replace it.'],
  [0x1b7, 'CKR_LIBRARY_LOAD_FAILED', 'the module lacks a library it needs', 'Install it: `ldd` names it.'],
  [0x1b8, 'CKR_PIN_TOO_WEAK', 'the PIN is too weak', 'Set a stronger one.'],
  [0x1b9, 'CKR_PUBLIC_KEY_INVALID', 'the public key is invalid', REPORT],
  [0x200, 'CKR_FUNCTION_REJECTED', 'the person at the token refused', 'Try again and confirm.'],
];

const VENDOR_DEFINED = 0x8000_0000;

/** Meaning and advice for a return value; one of the maker of the token is named by its number. */
export function returnValueOf(code: number): ReturnValue {
  const row = TABLE.find(([known]) => known === code);
  if (row !== undefined) return { symbol: row[1], meaning: row[2], advice: row[3] };
  const isVendors = code >= VENDOR_DEFINED;
  return {
    symbol: isVendors ? 'CKR_VENDOR_DEFINED' : 'CKR_UNKNOWN',
    meaning: isVendors
      ? 'an error that only the maker of the token defines'
      : 'an error that PKCS#11 does not define',
    advice: 'Look its number up in the documentation of the module.',
  };
}
