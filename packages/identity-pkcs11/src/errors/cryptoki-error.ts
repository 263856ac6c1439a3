import { returnValueOf } from './return-values.js';

/** Return values that are acted upon (PKCS#11 2.40 §A.4). */
export const CKR = {
  slotIdInvalid: 0x03,
  generalError: 0x05,
  functionFailed: 0x06,
  argumentsBad: 0x07,
  attributeSensitive: 0x11,
  attributeTypeInvalid: 0x12,
  dataInvalid: 0x20,
  dataLenRange: 0x21,
  deviceError: 0x30,
  deviceRemoved: 0x32,
  functionNotSupported: 0x54,
  keyHandleInvalid: 0x60,
  keySizeRange: 0x62,
  keyTypeInconsistent: 0x63,
  keyFunctionNotPermitted: 0x68,
  mechanismInvalid: 0x70,
  mechanismParamInvalid: 0x71,
  objectHandleInvalid: 0x82,
  operationActive: 0x90,
  operationNotInitialized: 0x91,
  pinIncorrect: 0xa0,
  pinInvalid: 0xa1,
  pinLenRange: 0xa2,
  sessionClosed: 0xb0,
  sessionCount: 0xb1,
  sessionHandleInvalid: 0xb3,
  tokenNotPresent: 0xe0,
  tokenNotRecognized: 0xe1,
  userAlreadyLoggedIn: 0x100,
  userNotLoggedIn: 0x101,
  cryptokiNotInitialized: 0x190,
  cryptokiAlreadyInitialized: 0x191,
} as const;

/** Two copies of this package (ES module and CommonJS) share a module, so one meets the errors of the other. */
const BRAND = Symbol.for('@rolesanywhere/cryptoki-error');

/** A function of a module failed. Made anew, so that nothing of the add-on's error is carried along. */
export class CryptokiError extends Error {
  override name = 'CryptokiError';
  readonly [BRAND] = true;
  /** The return value. */
  readonly code: number;
  /** Such as `CKR_PIN_LOCKED`. */
  readonly symbol: string;
  /** Such as `C_Login`. */
  readonly call: string;

  constructor(call: string, code: number) {
    const { symbol, meaning, advice } = returnValueOf(code);
    super(`${call} answered ${symbol} (0x${code.toString(16)}): ${meaning}. ${advice}`);
    this.code = code;
    this.symbol = symbol;
    this.call = call;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

/** True for a failure of a module with one of these return values. */
export function isCryptokiError(error: unknown, codes: readonly number[]): error is CryptokiError {
  return error instanceof CryptokiError && codes.includes(error.code);
}
