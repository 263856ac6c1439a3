import { IdentityError, type X509IdentityProvider } from '@rolesanywhere/signer';
import { checkInit } from './check-init.js';
import type { FromPkcs11Init } from './from-pkcs11-init.js';
import type { IdentityLoader } from './identity-loader.js';

/** A provider that holds a token. */
export type Pkcs11IdentityProvider = X509IdentityProvider & {
  /**
   * Waits for signatures that were begun, logs out and refuses all later ones; the last identity of a module also ends its
   * thread. May be called twice. Never rejects.
   */
  close(): Promise<void>;
};

/**
 * An identity whose key is in an HSM, a smart card or another PKCS#11 token. Certificates in the token and in files are read
 * at every call and parsed when their bytes changed. The PIN is asked for once; a wrong one is sent to the token once in the
 * life of the process. The module works in a thread of its own, and signatures are made in the thread pool by a few sessions at
 * a time, so a slow token does not hold the event loop; after a token was taken out and put back, sessions are opened anew. The
 * native add-on `pkcs11js` is loaded at the first call.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, naming every option and every attribute of a URI that is wrong
 * @throws IdentityError from the provider: `IDENTITY_UNAVAILABLE` for an add-on, a module, a token, a certificate or a key that is not
 *   there, or several where one is meant; `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `KEY_UNSUPPORTED`, and the codes of
 *   `createX509Identity`
 * @throws SigningError `KEY_MISMATCH`; from `sign` of the key also `SIGNING_FAILED`. Errors of the token name its return value
 * @example
 * const identity = fromPkcs11({ certificate: 'pkcs11:token=hsm;object=server?pin-source=/run/secrets/pin' });
 * @see RFC 7512; OASIS PKCS#11 Cryptographic Token Interface 2.40
 */
export function fromPkcs11(init: FromPkcs11Init): Pkcs11IdentityProvider {
  return pkcs11Provider(init, () => new Date());
}

/** {@link fromPkcs11} with a clock. */
export function pkcs11Provider(init: FromPkcs11Init, clock: () => Date): Pkcs11IdentityProvider {
  const settings = checkInit(init);
  const closing = new AbortController();
  let loader: Promise<IdentityLoader> | undefined;

  async function load(): ReturnType<X509IdentityProvider> {
    closing.signal.throwIfAborted();
    loader ??= import('./identity-loader.js').then(({ createIdentityLoader }) =>
      createIdentityLoader(settings, { clock, closing: closing.signal }),
    );
    return (await loader).load();
  }

  async function close(): Promise<void> {
    const message = `${settings.place} was closed by close(). Make another identity with fromPkcs11().`;
    closing.abort(new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message }));
    await (await loader)?.close();
  }

  return Object.assign(load, { close });
}
