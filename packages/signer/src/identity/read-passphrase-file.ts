import { ConfigurationError, IdentityError } from '../errors.js';
import { decodeText } from '../x509/decode-text.js';
import type { PassphraseWords } from './passphrase.js';
import { UnreadableFile, createFileReader } from './read-file.js';
import { sleep } from './sleep.js';

/** What has more is another file, named by mistake. */
const MAXIMUM_BYTES = 4096;

/**
 * The text of a file without the line end that an editor adds; one line end only, since what is before it may be meant.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, ConfigurationError `INVALID_OPTION` where there are no files
 */
export async function readPassphraseFile(path: string, words: PassphraseWords): Promise<string> {
  const which = `${words.need}, and the file given as \`${words.option}\`, ${path},`;
  const bytes = await readBytes(path, which);
  const text = textOf(bytes)?.replace(/\r?\n$/, '');
  if (text === undefined) throw required(`${which} is not a text of UTF-8 or UTF-16. Check the path.`);
  if (text === '') throw required(`${which} is empty. Write it there.`);
  return text;
}

async function readBytes(path: string, which: string): Promise<Uint8Array> {
  try {
    return await createFileReader({ maximumBytes: MAXIMUM_BYTES, sleep })(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { reason, message, cause } = error;
    if (reason !== 'no-files') throw required(`${which} ${message}`, cause);
    const advice = 'Give the text, or a function that answers with it.';
    throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${which} ${message} ${advice}` });
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeText(bytes, { fatal: true });
  } catch {
    return undefined;
  }
}

function required(message: string, cause?: unknown): IdentityError {
  return new IdentityError({ code: 'PASSPHRASE_REQUIRED', message, cause });
}
