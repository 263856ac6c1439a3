import { ConfigurationError, IdentityError, isRolesAnywhereError } from '../errors.js';

/** What opens an encrypted private key: the text, or a function that is asked once, and only for an encrypted key. */
export type Passphrase = string | (() => string | Promise<string>);

/** Remembers the answer to the question for a passphrase. */
export interface PassphraseMemo {
  /** The passphrase; undefined when there is none. Asks at most once for as long as the answer is not forgotten. */
  ask(): Promise<string | undefined>;
  /** Called when the answer was wrong, so that the next load asks again. */
  forget(): void;
}

/**
 * @throws ConfigurationError `INVALID_OPTION` from `ask`, when the function answers with something else than a text
 * @throws IdentityError `PASSPHRASE_REQUIRED` from `ask`, when the function fails
 */
export function rememberPassphrase(passphrase: Passphrase | undefined): PassphraseMemo {
  let answer: Promise<string | undefined> | undefined;
  return {
    ask() {
      answer ??= resolve(passphrase).catch((error: unknown) => {
        answer = undefined;
        throw error;
      });
      return answer;
    },
    forget() {
      answer = undefined;
    },
  };
}

async function resolve(passphrase: Passphrase | undefined): Promise<string | undefined> {
  const text: unknown = typeof passphrase === 'function' ? await callFunction(passphrase) : passphrase;
  if (text === undefined || typeof text === 'string') return text;
  const message = '`passphrase` must be a string, or a function that answers with one.';
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

async function callFunction(passphrase: () => string | Promise<string>): Promise<unknown> {
  try {
    return await passphrase();
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message =
      'The private key is encrypted, and the function given as `passphrase` failed; see the cause.';
    throw new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
  }
}
