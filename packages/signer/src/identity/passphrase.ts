import { ConfigurationError, IdentityError, isRolesAnywhereError } from '../errors.js';
import { findPassphraseProblem } from './passphrase-problem.js';
import { readPassphraseFile } from './read-passphrase-file.js';
import { readPassphraseVariable } from './read-passphrase-variable.js';

/**
 * What opens an encrypted private key, or something else that a secret protects: the text itself; a file that holds it (at most
 * 4096 bytes of UTF-8 or UTF-16, without the line end that an editor adds); the name of an environment variable; or a function
 * that is asked once. Files and variables are read, and functions asked, only when the secret is needed.
 */
export type Passphrase =
  string | { readonly file: string } | { readonly environment: string } | (() => string | Promise<string>);

/** Words for the errors of a {@link PassphraseSource}. */
export interface PassphraseWords {
  /** The name of the option that the passphrase was given as. */
  readonly option: string;
  /** Why it is needed; begins a sentence: "The private key is encrypted". */
  readonly need: string;
}

/** Gives a passphrase when it is needed. */
export interface PassphraseSource {
  /**
   * The passphrase; undefined when none was given. A function is called once, also for callers at the same time, and again only
   * after it failed or its answer was forgotten; files and variables are read at every call, so that a corrected one needs no restart.
   *
   * @throws IdentityError `PASSPHRASE_REQUIRED` when the function fails, the file cannot be read or is empty, the variable is not set
   * @throws ConfigurationError `INVALID_OPTION` when the function answers with something else than a text, or there are no files or
   *   variables on this platform
   */
  ask(): Promise<string | undefined>;
  /** For an answer that was wrong: the function is called again at the next {@link ask}. */
  forget(): void;
}

/**
 * Makes one source of any form of passphrase, for identity sources of one's own. No error holds the passphrase.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, when it is none of the forms
 * @example
 * const pin = createPassphraseSource({ file: '/run/secrets/pin' }, { option: 'pin', need: 'The card needs a PIN' });
 * await card.login(await pin.ask());
 */
export function createPassphraseSource(
  passphrase: Passphrase | undefined,
  words: PassphraseWords,
): PassphraseSource {
  const problem = findPassphraseProblem(passphrase, words.option);
  if (problem !== undefined) throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problem}.` });
  if (typeof passphrase === 'function') return rememberAnswer(() => callFunction(passphrase, words));
  return {
    async ask() {
      if (passphrase === undefined || typeof passphrase === 'string') return passphrase;
      // A name that is there without a value counts as absent.
      if ('file' in passphrase && passphrase.file !== undefined)
        return readPassphraseFile(passphrase.file, words);
      return 'environment' in passphrase ? readPassphraseVariable(passphrase.environment, words) : undefined;
    },
    forget: () => undefined,
  };
}

function rememberAnswer(call: () => Promise<string>): PassphraseSource {
  let answer: Promise<string> | undefined;
  return {
    ask() {
      answer ??= call().catch((error: unknown) => {
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

async function callFunction(
  passphrase: () => string | Promise<string>,
  { option, need }: PassphraseWords,
): Promise<string> {
  let answer: unknown;
  try {
    answer = await passphrase();
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = `${need}, and the function given as \`${option}\` failed; see the cause.`;
    throw new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
  }
  if (typeof answer === 'string') return answer;
  const message = `The function given as \`${option}\` must answer with a string.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}
