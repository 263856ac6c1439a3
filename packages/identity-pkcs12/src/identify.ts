import {
  IdentityError,
  type PassphraseSource,
  SigningError,
  type X509Identity,
  createX509Identity,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import { openPkcs12 } from './open-pkcs12.js';
import { Pkcs12Fault } from './pkcs12-fault.js';
import { type SelectedIdentity, selectIdentity } from './select-identity.js';

/** Bytes of a file, and what it is called in messages. */
export interface Pkcs12Source {
  readonly label: string;
  readonly data: Uint8Array;
}

/**
 * Opens a file and finds the parts of its identity; whoever needs one loads this file then.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `PRIVATE_KEY_INVALID`, `CERTIFICATE_INVALID`, `KEY_UNSUPPORTED`
 */
export async function openSource(
  { label, data }: Pkcs12Source,
  passphrases: PassphraseSource,
): Promise<SelectedIdentity> {
  try {
    return await selectIdentity(await openPkcs12(data, () => passphrases.ask()));
  } catch (error) {
    if (isRolesAnywhereError(error)) throw error;
    if (!(error instanceof Pkcs12Fault)) throw cannotBeOpened(label, error);
    const { code, message, cause } = error;
    if (code === 'PASSPHRASE_WRONG' || code === 'PASSPHRASE_REQUIRED') passphrases.forget();
    throw new IdentityError({ code, message: `${label} ${message}`, cause });
  }
}

/** OpenSSL has not every cipher in every build and mode. */
function cannotBeOpened(label: string, cause: unknown): IdentityError {
  const message = `${label} cannot be opened on this platform, which lacks a cipher or a hash function that it is protected with; see the cause. Protect it with AES-256 and SHA-256: openssl pkcs12 -export.`;
  return new IdentityError({ code: 'KEY_UNSUPPORTED', message, cause });
}

/**
 * Makes the identity of its parts, in the words of someone who gave a file and not parts.
 *
 * @throws IdentityError, SigningError with the codes of `createX509Identity`
 */
export async function identify(parts: SelectedIdentity, label: string): Promise<X509Identity> {
  try {
    return await createX509Identity(parts);
  } catch (error) {
    throw withLabel(error, label);
  }
}

function withLabel(error: unknown, label: string): unknown {
  if (!isRolesAnywhereError(error)) return error;
  const given = error.message.replaceAll('given as `key`', 'in `key`');
  const message = given.replaceAll(/(?:`(?:certificate|chain|key)`(?: and )?)+/g, (names) =>
    names.endsWith(' and ') ? `${label} and ` : label,
  );
  const { cause } = error;
  if (error instanceof IdentityError) return new IdentityError({ code: error.code, message, cause });
  return error instanceof SigningError ? new SigningError({ code: error.code, message, cause }) : error;
}
