import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  ConfigurationError,
  IdentityError,
  type Passphrase,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';

/** Where the PIN comes from: at most one of these. */
export interface PinOptions {
  readonly pin?: Passphrase | undefined;
  readonly pinValue?: string | undefined;
  readonly pinSource?: string | undefined;
}

/** Gives the PIN; undefined when there is none. */
export type PinSource = () => Promise<string | undefined>;

/** Tokens take 255 octets at most; what is longer is not a PIN. */
const MAXIMUM_FILE_BYTES = 4096;

/**
 * The PIN from where it is. A function is asked once, also by callers at the same time, and again only after it failed; a
 * file is read at each login, so that a corrected one needs no restart.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED` from the source, when the function failed or the file cannot be read
 * @throws ConfigurationError `INVALID_OPTION` from the source, when the function answers with something else than text
 */
export function createPinSource({ pin, pinValue, pinSource }: PinOptions): PinSource {
  if (pinSource !== undefined) return () => readPin(pinSource);
  if (typeof pin !== 'function') return async () => pin ?? pinValue;
  let answer: Promise<string> | undefined;
  return () => {
    answer ??= askFor(pin).catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

/**
 * The path that a `pin-source` names; undefined for what is not the name of a file: a command (`|…`), another scheme.
 *
 * @see RFC 7512 §2.4
 */
export function pinFileOf(pinSource: string): string | undefined {
  if (/^file:/i.test(pinSource)) {
    try {
      return fileURLToPath(pinSource);
    } catch {
      return undefined;
    }
  }
  // One letter before a colon is a drive of Windows.
  const isPath = pinSource !== '' && !pinSource.startsWith('|') && !/^[a-z][a-z0-9+.-]+:/i.test(pinSource);
  return isPath ? pinSource : undefined;
}

async function askFor(pin: () => string | Promise<string>): Promise<string> {
  let answer: unknown;
  try {
    answer = await pin();
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = 'The token needs a PIN, and the function given as `pin` failed; see the cause.';
    throw new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
  }
  if (typeof answer === 'string') return answer;
  const message = '`pin` must be a string, or a function that answers with one.';
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

async function readPin(pinSource: string): Promise<string> {
  const path = pinFileOf(pinSource) ?? pinSource;
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (cause) {
    const reason =
      typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown error';
    throw pinError(`The PIN file ${path} cannot be read (${reason}). Check \`pin-source\` and permissions.`);
  }
  if (content.length > MAXIMUM_FILE_BYTES)
    throw pinError(
      `The PIN file ${path} has ${content.length} bytes, which is no PIN. Check \`pin-source\`.`,
    );
  const pin = content.toString('utf8').replace(/\r?\n$/, '');
  if (pin === '') throw pinError(`The PIN file ${path} is empty. Write the PIN into it.`);
  return pin;
}

function pinError(message: string): IdentityError {
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
}
