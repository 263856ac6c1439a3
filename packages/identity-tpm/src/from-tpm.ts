import type { Passphrase, X509IdentityProvider } from '@rolesanywhere/signer';
import { checkInit } from './check-init.js';
import { SYSTEM_TIMING, type Timing } from './timing.js';
import type { IdentityLoader } from './identity-loader.js';
import { closedError } from './closed-error.js';

/** Where the certificate is, and its key. */
export interface FromTpmInit {
  /** Path of the certificate, PEM or DER; others beside it, in any order, are taken as its chain. */
  readonly certificate: string;
  /** Path of a `TSS2 PRIVATE KEY` file, loadable or importable, or `handle:` and a persistent handle such as `0x81000001`. */
  readonly privateKey: string;
  /** Path of intermediates in any order. Default: what stands beside the certificate. */
  readonly chain?: string | undefined;
  /**
   * Path of a character device, `unix:/path`, or `tcp:host:port` (`tcp:[::1]:2321`): a socket that carries bare commands, as
   * that of `swtpm socket --server`. Default: `/dev/tpmrm0`.
   */
  readonly device?: string | undefined;
  /**
   * Of the key: a text, a file, an environment variable, or a function that is asked once, and again after a wrong answer.
   * Default: none.
   */
  readonly password?: Passphrase | undefined;
  /** Of the persistent parent of a key file, or of the hierarchy it is in. Default: none. */
  readonly parentPassword?: Passphrase | undefined;
  /** For each response of the TPM; making a parent may take four times as long. 1 to 600,000. Default: 30,000. */
  readonly responseTimeoutMilliseconds?: number | undefined;
}

/** A provider that holds a device. */
export type TpmIdentityProvider = X509IdentityProvider & {
  /** Waits for signatures that were begun, and refuses all later ones. May be called twice. Never rejects. */
  close(): Promise<void>;
};

/**
 * An identity whose key never leaves a TPM 2.0. Files are read at every call and parsed when their bytes changed; the key is
 * tried once when it is read, so that a wrong password, a foreign key or a missing device is found then. The TPM is
 * connected and the key loaded only while it signs; signatures that are asked for at the same time share that. A wrong
 * password is tried once.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, naming every option that is wrong
 * @throws IdentityError from the provider: `IDENTITY_UNAVAILABLE` for a file or a TPM that cannot be used, `PRIVATE_KEY_INVALID`,
 *   `KEY_UNSUPPORTED` (restricted keys, policies, other schemes), `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, and the codes of
 *   `createX509Identity`
 * @throws SigningError `KEY_MISMATCH`; from `sign` of the key also `SIGNING_FAILED`, with the TPM's error as its cause
 * @example
 * const identity = fromTpm({ certificate: '/etc/tls/server.crt', privateKey: '/etc/tls/server.tss' });
 * @see TPM 2.0 Library Part 3; draft-bottomley-tpm2-keys
 */
export function fromTpm(init: FromTpmInit): TpmIdentityProvider {
  return tpmProvider(init, SYSTEM_TIMING);
}

/** {@link fromTpm} with a clock and timers. */
export function tpmProvider(init: FromTpmInit, timing: Timing): TpmIdentityProvider {
  const settings = checkInit(init);
  let loader: Promise<IdentityLoader> | undefined;
  let isClosed = false;

  function checkOpen(): void {
    if (isClosed) throw closedError(init.privateKey, settings.device);
  }

  async function load(): ReturnType<X509IdentityProvider> {
    checkOpen();
    loader ??= import('./identity-loader.js').then(({ createIdentityLoader }) =>
      createIdentityLoader({ init, settings, timing, checkOpen }),
    );
    return (await loader).load();
  }

  async function close(): Promise<void> {
    isClosed = true;
    await (await loader)?.close();
  }

  return Object.assign(load, { close });
}
