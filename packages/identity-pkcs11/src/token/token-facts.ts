import type { Handle } from '../module/addon.js';
import { type Cryptoki, numberOf } from '../module/cryptoki.js';
import { CKR, CryptokiError } from '../errors/cryptoki-error.js';
import type { TokenAttributes } from '../uri/pkcs11-uri.js';

/** A token with all that a URI can ask for. */
export type TokenFacts = Required<TokenAttributes>;

/** A token, where it is and what it wants. */
export interface FoundToken {
  readonly slot: Handle;
  readonly facts: TokenFacts;
  /** CKF_LOGIN_REQUIRED. */
  readonly needsLogin: boolean;
  /** CKF_PROTECTED_AUTHENTICATION_PATH: the PIN is typed at the reader. */
  readonly hasKeypad: boolean;
}

const FLAG = { loginRequired: 0x4, keypad: 0x100, initialized: 0x400, finalTry: 0x2_0000 } as const;
/** What a module sees. */
export interface SeenTokens {
  readonly tokens: readonly FoundToken[];
  /** What is wrong with slots that do not tell what is in them. Another's broken card is no reason to fail. */
  readonly problems: readonly CryptokiError[];
}

/** Every initialised token that the module sees now. */
export async function readTokens(cryptoki: Cryptoki): Promise<SeenTokens> {
  const info = await cryptoki.info();
  const library = {
    libraryDescription: unpadded(info.libraryDescription),
    libraryManufacturer: unpadded(info.manufacturerID),
    libraryVersion: info.libraryVersion,
  };
  const slots = await cryptoki.slotsWithToken();
  const seen = await Promise.all(slots.map((slot) => readToken(cryptoki, slot, library)));
  return {
    tokens: seen.flatMap((one) => (one === undefined || one instanceof CryptokiError ? [] : [one])),
    problems: seen.flatMap((one) => (one instanceof CryptokiError ? [one] : [])),
  };
}

/** Whether one wrong PIN more would lock a token (CKF_USER_PIN_FINAL_TRY). */
export async function isFinalTry(cryptoki: Cryptoki, slot: Handle): Promise<boolean> {
  return ((await cryptoki.tokenInfo(slot)).flags & FLAG.finalTry) !== 0;
}

async function readToken(
  cryptoki: Cryptoki,
  slot: Handle,
  library: Pick<TokenFacts, 'libraryDescription' | 'libraryManufacturer' | 'libraryVersion'>,
): Promise<FoundToken | CryptokiError | undefined> {
  try {
    const { slotDescription, manufacturerID } = await cryptoki.slotInfo(slot);
    const token = await cryptoki.tokenInfo(slot);
    // Modules show a place for a new token as a token.
    if ((token.flags & FLAG.initialized) === 0) return undefined;
    return {
      slot,
      facts: {
        ...library,
        token: unpadded(token.label),
        manufacturer: unpadded(token.manufacturerID),
        serial: unpadded(token.serialNumber),
        model: unpadded(token.model),
        slotId: numberOf(slot),
        slotDescription: unpadded(slotDescription),
        slotManufacturer: unpadded(manufacturerID),
      },
      needsLogin: (token.flags & FLAG.loginRequired) !== 0,
      hasKeypad: (token.flags & FLAG.keypad) !== 0,
    };
  } catch (error) {
    if (error instanceof CryptokiError && error.code !== CKR.cryptokiNotInitialized) return error;
    throw error;
  }
}

/** Texts are padded with blanks (PKCS#11 §3.2); some modules pad with zeros. */
export function unpadded(text: string): string {
  return text.replace(/[ \0]+$/, '');
}
