import { createHash } from 'node:crypto';
import { IdentityError, type Passphrase, createPassphraseSource } from '@rolesanywhere/signer';

/** The password of one thing in a TPM, asked for once; wrong ones are remembered, so that none is tried twice. */
export interface Password {
  /**
   * The password, UTF-8; undefined when none was given. The function that was given is called once, the file or the variable read
   * once, and again after a wrong answer.
   *
   * @param target - what it is for: the name of a key, or a handle
   * @throws IdentityError `PASSPHRASE_WRONG` for what was refused before, `PASSPHRASE_REQUIRED` when the function fails or
   *   the file cannot be read
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
  const given = createPassphraseSource(source, { option, need: 'The key in the TPM needs a password' });
  // Kept here for every form: the key is loaded for each burst of signatures.
  let answer: Promise<string | undefined> | undefined;
  let last: string | undefined;

  function askAnew(): void {
    given.forget();
    answer = undefined;
  }

  async function ask(target: string): Promise<Uint8Array | undefined> {
    answer ??= given.ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    const text = await answer;
    if (refused.has(fingerprint(target, text))) {
      askAnew();
      throw refusedBefore(option, text !== undefined);
    }
    last = text;
    return text === undefined ? undefined : Buffer.from(text, 'utf8');
  }

  return {
    ask,
    refuse(target) {
      refused.add(fingerprint(target, last));
      askAnew();
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
  const message = `The TPM refused what was given as \`${option}\` before. It is not tried again, since wrong passwords lead to the dictionary lockout of the TPM. Correct \`${option}\`; a text can only be corrected in a new identity source, a file or a variable in its place, a function may answer with another one.`;
  return new IdentityError({ code: 'PASSPHRASE_WRONG', message });
}
