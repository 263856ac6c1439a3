import { platform } from '#platform';
import { ConfigurationError, isRolesAnywhereError } from '../errors.js';
import type { AssembledIdentity } from './assemble-identity.js';
import { type Passphrase, type PassphraseSource, createPassphraseSource } from './passphrase.js';
import { findPassphraseProblem } from './passphrase-problem.js';
import { KEY_WORDS } from './key-words.js';
import { createSourceReader, type SourceReader } from './read-source.js';
import { sleep } from './sleep.js';
import type { X509Identity, X509IdentityProvider } from './x509-identity.js';

/** Paths of PEM or DER files. */
export interface FromPemFilesInit {
  /** The certificate; others beside it, in any order, are taken as its chain. */
  readonly certificate: string;
  /** Default: the private key is in the file of the certificate. */
  readonly privateKey?: string | undefined;
  /** Intermediates in any order. Default: what stands beside the certificate. */
  readonly chain?: string | undefined;
  /** For an encrypted key: a text, a file, an environment variable, or a function that is asked once. */
  readonly passphrase?: Passphrase | undefined;
}

/** Where time comes from. */
export interface Timing {
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const REREADS = 3;
const REREAD_PAUSE_MILLISECONDS = 100;

/** What a file looks like that is being replaced: missing, cut off, or new beside an old one. */
const ROTATION_CODES: ReadonlySet<string> = new Set([
  'IDENTITY_UNAVAILABLE',
  'CERTIFICATE_INVALID',
  'CHAIN_INVALID',
  'PRIVATE_KEY_INVALID',
  'KEY_MISMATCH',
]);

/**
 * An identity from files, which are read at every call and parsed when their bytes changed, so that a renewed certificate
 * is taken up without a restart. Files caught half-way through a rotation are read again, three times within 0.3 s; if
 * they still do not fit, the last good identity is given for as long as it is valid, with `keptBecause`.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, when a path is missing or not a text, or the passphrase has no known form
 * @throws IdentityError, SigningError from the provider: `IDENTITY_UNAVAILABLE` for a file that cannot be read, else the
 *   codes of `createX509Identity`
 * @example
 * const provider = fromPemFiles({ certificate: '/etc/tls/server.crt', privateKey: '/etc/tls/server.key' });
 */
export function fromPemFiles(init: FromPemFilesInit): X509IdentityProvider {
  return pemFilesProvider(init, { clock: () => new Date(), sleep });
}

/** {@link fromPemFiles} with a clock and a timer. */
export function pemFilesProvider(init: FromPemFilesInit, timing: Timing): X509IdentityProvider {
  checkInit(init);
  const passphrase = createPassphraseSource(init.passphrase, KEY_WORDS);
  // By another timer than the given one, which counts the tries for a rotation.
  const read = createSourceReader(sleep);
  let last: LoadedFiles | undefined;
  let flight: Promise<X509Identity> | undefined;

  async function load(): Promise<X509Identity> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const loaded = await loadFiles({ ...init, read }, passphrase, last);
        loaded.checkAt(timing.clock());
        last = loaded;
        return loaded.identity;
      } catch (error) {
        if (attempt < REREADS && isRotation(error)) await timing.sleep(REREAD_PAUSE_MILLISECONDS);
        else return lastGood(error);
      }
    }
  }

  function lastGood(error: unknown): X509Identity {
    if (last === undefined || timing.clock() > last.identity.expiration) throw error;
    return { ...last.identity, keptBecause: error };
  }

  return () => {
    flight ??= load().finally(() => {
      flight = undefined;
    });
    return flight;
  };
}

interface LoadedFiles extends AssembledIdentity {
  /** Tells whether bytes changed, without keeping the key's text in memory. */
  readonly fingerprint: string;
}

async function loadFiles(
  init: FromPemFilesInit & { readonly read: SourceReader },
  passphrase: PassphraseSource,
  last: LoadedFiles | undefined,
): Promise<LoadedFiles> {
  const paths = [...new Set([init.certificate, init.privateKey ?? init.certificate])];
  const [[certificate, privateKey], chain] = await Promise.all([
    Promise.all(paths.map(init.read)),
    init.chain === undefined ? undefined : init.read(init.chain),
  ]);
  if (certificate === undefined) throw new TypeError('the certificate is always read');
  const key = privateKey ?? certificate;
  const fingerprint = [certificate, key, chain]
    .map((source) => source && platform.sha256Hex(source.data))
    .join();
  if (fingerprint === last?.fingerprint) return last;
  const { assembleIdentity } = await import('./assemble-identity.js');
  const assembled = await assembleIdentity({
    certificates: [certificate],
    chain: chain === undefined ? [] : [chain],
    key,
    passphrase,
  });
  return { ...assembled, fingerprint };
}

function isRotation(error: unknown): boolean {
  return isRolesAnywhereError(error) && ROTATION_CODES.has(error.code);
}

function checkInit({ certificate, privateKey, chain, passphrase }: FromPemFilesInit): void {
  const problems = Object.entries({ certificate, privateKey, chain })
    .filter(([name, path]) => path !== undefined || name === 'certificate')
    .filter(([, path]) => typeof path !== 'string' || path === '')
    .map(([name]) => `\`${name}\` must be the path of a file`)
    .concat(findPassphraseProblem(passphrase, 'passphrase') ?? []);
  if (problems.length === 0) return;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
}
