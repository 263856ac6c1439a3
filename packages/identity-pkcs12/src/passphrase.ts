import {
  ConfigurationError,
  IdentityError,
  type Passphrase,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';

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
export function rememberPassphrase(passphrase: Passphrase | undefined, label: string): PassphraseMemo {
  let answer: Promise<string | undefined> | undefined;

  async function question(): Promise<string | undefined> {
    const text: unknown = typeof passphrase === 'function' ? await call(passphrase, label) : passphrase;
    if (text === undefined || typeof text === 'string') return text;
    const message = '`passphrase` must be a string, or a function that answers with one.';
    throw new ConfigurationError({ code: 'INVALID_OPTION', message });
  }

  return {
    ask() {
      answer ??= question().catch((error: unknown) => {
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

async function call(passphrase: () => string | Promise<string>, label: string): Promise<unknown> {
  try {
    return await passphrase();
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = `${label} is protected, and the function given as \`passphrase\` failed; see the cause.`;
    throw new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
  }
}
