import { createHash } from 'node:crypto';
import {
  ConfigurationError,
  IdentityError,
  type Passphrase,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';

/** The password of one thing in a TPM, asked for once; wrong ones are remembered, so that none is tried twice. */
export interface Password {
  /**
   * The password, UTF-8; undefined when none was given. The function that was given is called once, and again after a wrong
   * answer.
   *
   * @param target - what it is for: the name of a key, or a handle
   * @throws IdentityError `PASSPHRASE_WRONG` for what was refused before, `PASSPHRASE_REQUIRED` when the function fails
   * @throws ConfigurationError `INVALID_OPTION` when the function answers with something else than a text
   */
  ask(target: string): Promise<Uint8Array | undefined>;
  /** The TPM refused the last answer. */
  refuse(target: string): void;
}

/** A longer one cannot belong to anything in a TPM: it has at most the octets of a digest. */
export const MAXIMUM_PASSWORD_OCTETS = 64;

/**
 * @param source - as it was given; undefined for none
 * @param option - its name, for messages
 */
export function createPassword(source: Passphrase | undefined, option: string): Password {
  const refused = new Set<string>();
  let answer: Promise<string | undefined> | undefined;
  let last: string | undefined;

  async function ask(target: string): Promise<Uint8Array | undefined> {
    answer ??= resolve(source, option);
    let text: string | undefined;
    try {
      text = await answer;
    } catch (error) {
      answer = undefined;
      throw error;
    }
    if (refused.has(fingerprint(target, text))) {
      answer = undefined;
      throw refusedBefore(option, text !== undefined);
    }
    last = text;
    return text === undefined ? undefined : Buffer.from(text, 'utf8');
  }

  return {
    ask,
    refuse(target) {
      refused.add(fingerprint(target, last));
      answer = undefined;
    },
  };
}

/** Not the text: what was wrong here may be right elsewhere. */
function fingerprint(target: string, text: string | undefined): string {
  const given = text === undefined ? 'none' : `text ${text}`;
  return createHash('sha256').update(`${target}\n${given}`).digest('base64');
}

function refusedBefore(option: string, wasGiven: boolean): IdentityError {
  if (!wasGiven) {
    const message = `The TPM wants a password, and none was given. Set \`${option}\`.`;
    return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message });
  }
  const message = `The TPM refused what was given as \`${option}\` before. It is not tried again, since wrong passwords lead to the dictionary lockout of the TPM. Correct \`${option}\`; a text can only be corrected in a new identity source, a function may answer with another one.`;
  return new IdentityError({ code: 'PASSPHRASE_WRONG', message });
}

async function resolve(source: Passphrase | undefined, option: string): Promise<string | undefined> {
  const text: unknown = typeof source === 'function' ? await callFunction(source, option) : source;
  if (text === undefined || typeof text === 'string') return text;
  const message = `\`${option}\` must be a string, or a function that answers with one.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

async function callFunction(source: () => string | Promise<string>, option: string): Promise<unknown> {
  try {
    return await source();
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = `The key in the TPM needs a password, and the function given as \`${option}\` failed; see the cause.`;
    throw new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
  }
}
