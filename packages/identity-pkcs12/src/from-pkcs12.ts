import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Passphrase,
  type X509Identity,
  type X509IdentityProvider,
  createPassphraseSource,
  isRolesAnywhereError,
} from '@rolesanywhere/signer';
import { checkInit } from './check-init.js';
import { isMissing, readFileOf } from './read-file.js';
import type { SelectedIdentity } from './select-identity.js';

/** A PKCS#12 file: exactly one of `file` and `data`. */
export interface FromPkcs12Init {
  /** Path of a `.p12` or `.pfx` file, or of a pipe: DER, BER or PEM, at most 1 MiB. Read again at every call. */
  readonly file?: string | undefined;
  /** The same in memory. */
  readonly data?: Uint8Array | undefined;
  /**
   * A text, a file, an environment variable, or a function that is asked once; only for a file that is protected.
   * Default: the file opens with an empty one.
   */
  readonly passphrase?: Passphrase | undefined;
}

/** Where time comes from. */
export interface Timing {
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const REREADS = 3;
/** What is broken for good is to be told within a tenth of a second. */
const REREAD_PAUSE_MILLISECONDS = 15;

/**
 * An identity from a PKCS#12 file (`.p12`, `.pfx`). The certificate is the one that was issued for the key, the chain those
 * above it, whatever else the file holds. It is opened again when its bytes change, so that a renewed certificate is taken up
 * without a restart; one caught while it is being written is read again, three times within 0.05 s, and if it is still broken, the
 * last good identity is given for as long as it is valid, with `keptBecause`. Keys are derived off the event loop or in turns of some milliseconds.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, naming every option that is wrong
 * @throws IdentityError from the provider: `IDENTITY_UNAVAILABLE` for a file that cannot be read, `PASSPHRASE_REQUIRED`,
 *   `PASSPHRASE_WRONG`, `PRIVATE_KEY_INVALID` (damaged, no key or several), `KEY_UNSUPPORTED` (a protection that is not known, or
 *   more than 5,000,000 iterations), and the codes of `createX509Identity`
 * @throws SigningError `KEY_MISMATCH` from the provider, when the file holds no certificate for its key
 * @example
 * const identity = fromPkcs12({ file: '/etc/tls/server.p12', passphrase: () => readSecret('p12') });
 * @see RFC 7292, RFC 8018, RFC 9879
 */
export function fromPkcs12(init: FromPkcs12Init): X509IdentityProvider {
  return pkcs12Provider(init, { clock: () => new Date(), sleep: (milliseconds) => pause(milliseconds) });
}

/** {@link fromPkcs12} with a clock and a timer. */
export function pkcs12Provider(init: FromPkcs12Init, timing: Timing): X509IdentityProvider {
  const place = checkInit(init);
  const label = 'path' in place ? place.path : '`data`';
  const memo = createPassphraseSource(init.passphrase, {
    option: 'passphrase',
    need: `${label} is protected`,
  });
  let opening: Kept<Promise<SelectedIdentity>> | undefined;
  let identity: Kept<X509Identity> | undefined;
  let flight: Promise<X509Identity> | undefined;

  async function loadOnce(): Promise<X509Identity> {
    const data = 'path' in place ? await readFileOf(place.path, timing.sleep) : place.data;
    const fingerprint = createHash('sha256').update(data).digest('base64');
    if (identity?.fingerprint === fingerprint && timing.clock() <= identity.value.expiration)
      return identity.value;
    const { identify, openSource } = await import('./identify.js');
    // Kept apart from the identity: neither what has expired nor what is broken is decrypted again to be told so.
    if (opening?.fingerprint !== fingerprint)
      opening = { fingerprint, value: openSource({ label, data }, memo) };
    identity = { fingerprint, value: await identify(await opening.value, label) };
    return identity.value;
  }

  async function load(): Promise<X509Identity> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await loadOnce();
      } catch (error) {
        if ('path' in place && attempt < REREADS && isRotation(error)) {
          await timing.sleep(REREAD_PAUSE_MILLISECONDS);
          continue;
        }
        if (!(await opening?.value.catch(() => undefined))) opening = undefined;
        if (identity === undefined || timing.clock() > identity.value.expiration) throw error;
        return { ...identity.value, keptBecause: error };
      }
    }
  }

  return () => {
    flight ??= load().finally(() => {
      flight = undefined;
    });
    return flight;
  };
}

interface Kept<Value> {
  /** Of the bytes that it was made from. */
  readonly fingerprint: string;
  readonly value: Value;
}

/** What a file looks like that is being replaced: missing or cut off. */
function isRotation(error: unknown): boolean {
  if (!isRolesAnywhereError(error)) return false;
  if (error.code === 'IDENTITY_UNAVAILABLE') return isMissing(error.cause);
  return ['CERTIFICATE_INVALID', 'CHAIN_INVALID', 'PRIVATE_KEY_INVALID'].includes(error.code);
}
