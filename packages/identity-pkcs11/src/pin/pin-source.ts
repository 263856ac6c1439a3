import { fileURLToPath } from 'node:url';
import { type Passphrase, createPassphraseSource } from '@rolesanywhere/signer';

/** Where the PIN comes from: at most one of these. */
export interface PinOptions {
  readonly pin?: Passphrase | undefined;
  readonly pinValue?: string | undefined;
  readonly pinSource?: string | undefined;
}

/** Gives the PIN; undefined when there is none. */
export type PinSource = () => Promise<string | undefined>;

/**
 * The PIN from where it is. A function is asked once, also by callers at the same time, and again only after it failed: its answer is
 * never forgotten, since a card locks after some wrong ones. A file or a variable is read at each login.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED` from the source, when the function failed or the file cannot be read
 * @throws ConfigurationError `INVALID_OPTION` from the source, when the function answers with something else than text
 */
export function createPinSource({ pin, pinValue, pinSource }: PinOptions): PinSource {
  const need = 'The token needs a PIN';
  const source =
    pinSource === undefined
      ? createPassphraseSource(pin ?? pinValue, { option: 'pin', need })
      : createPassphraseSource({ file: pinFileOf(pinSource) ?? pinSource }, { option: 'pin-source', need });
  return () => source.ask();
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
