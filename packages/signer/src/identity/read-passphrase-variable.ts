import { platform } from '#platform';
import { ConfigurationError, IdentityError } from '../errors.js';
import type { PassphraseWords } from './passphrase.js';

/**
 * The value of an environment variable, as it is.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, ConfigurationError `INVALID_OPTION` where there are no variables
 */
export function readPassphraseVariable(name: string, { option, need }: PassphraseWords): string {
  const which = `${need}, and the environment variable given as \`${option}\`, ${name},`;
  let text: string | undefined;
  try {
    if (platform.environmentVariable === undefined) throw noVariables(which);
    text = platform.environmentVariable(name);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    // Deno asks for a permission by variable.
    throw required(`${which} may not be read by this program. Allow it: --allow-env=${name}.`, cause);
  }
  if (text === undefined) throw required(`${which} is not set. Set it, or correct its name.`);
  if (text === '') throw required(`${which} is empty. Write it there.`);
  return text;
}

function noVariables(which: string): ConfigurationError {
  const message = `${which} cannot be read: there are no environment variables on this platform. Give the text, or a function that answers with it.`;
  return new ConfigurationError({ code: 'INVALID_OPTION', message });
}

function required(message: string, cause?: unknown): IdentityError {
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
}
