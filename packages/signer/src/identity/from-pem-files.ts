import { platform } from '#platform';
import { ConfigurationError, IdentityError, isRolesAnywhereError } from '../errors.js';
import type { AssembledIdentity } from './assemble-identity.js';
import type { Source } from './key-material.js';
import { type Passphrase, type PassphraseMemo, rememberPassphrase } from './passphrase.js';
import type { X509Identity, X509IdentityProvider } from './x509-identity.js';

/** Paths of PEM or DER files. */
export interface FromPemFilesInit {
  /** The certificate; others beside it, in any order, are taken as its chain. */
  readonly certificate: string;
  /** Default: the private key is in the file of the certificate. */
  readonly privateKey?: string | undefined;
  /** Intermediates in any order. Default: what stands beside the certificate. */
  readonly chain?: string | undefined;
  /** For an encrypted key. A function is asked once. */
  readonly passphrase?: Passphrase | undefined;
}

/** Where time comes from. */
export interface Timing {
  readonly clock: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A certificate with chain and key is some kilobytes. What is larger was named by mistake. */
const MAXIMUM_FILE_BYTES = 1024 * 1024;
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
 * they still do not fit, the last good identity is given for as long as it is valid.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, when a path is missing or not a text
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
  checkPaths(init);
  const passphrase = rememberPassphrase(init.passphrase);
  let last: LoadedFiles | undefined;
  let flight: Promise<X509Identity> | undefined;

  async function load(): Promise<X509Identity> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const loaded = await loadFiles(init, passphrase, last);
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
    return last.identity;
  }

  return () => {
    flight ??= load().finally(() => {
      flight = undefined;
    });
    return flight;
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

interface LoadedFiles extends AssembledIdentity {
  /** Tells whether bytes changed, without keeping the key's text in memory. */
  readonly fingerprint: string;
}

async function loadFiles(
  init: FromPemFilesInit,
  passphrase: PassphraseMemo,
  last: LoadedFiles | undefined,
): Promise<LoadedFiles> {
  const paths = [...new Set([init.certificate, init.privateKey ?? init.certificate])];
  const [certificate, privateKey] = await Promise.all(paths.map(readSource));
  const chain = init.chain === undefined ? undefined : await readSource(init.chain);
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

async function readSource(path: string): Promise<Source> {
  // Caught, so that a bundler for a place without files only warns.
  const files = await import('node:fs/promises').catch((cause: unknown) => {
    const message = `${path} cannot be read: there are no files on this platform. Use fromPem with the content.`;
    throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
  });
  let data: Uint8Array;
  try {
    data = await files.readFile(path);
  } catch (cause) {
    throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: `${path} ${reasonOf(cause)}`, cause });
  }
  if (data.length <= MAXIMUM_FILE_BYTES) return { label: path, data };
  const message = `${path} has ${data.length} bytes, more than the 1 MiB that certificates and keys take. Check the path.`;
  throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

function reasonOf(cause: unknown): string {
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown error';
  if (code === 'ENOENT')
    return 'does not exist. Check the path; a relative one starts at the working directory.';
  if (code === 'EISDIR') return 'is a directory. Give the path of a file.';
  if (code === 'EACCES' || code === 'EPERM')
    return `may not be read by this user (${code}). Change its permissions.`;
  return `cannot be read (${code}).`;
}

function isRotation(error: unknown): boolean {
  return isRolesAnywhereError(error) && ROTATION_CODES.has(error.code);
}

function checkPaths({ certificate, privateKey, chain }: FromPemFilesInit): void {
  const problems = Object.entries({ certificate, privateKey, chain })
    .filter(([name, path]) => path !== undefined || name === 'certificate')
    .filter(([, path]) => typeof path !== 'string' || path === '')
    .map(([name]) => `\`${name}\` must be the path of a file`);
  if (problems.length === 0) return;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
}
