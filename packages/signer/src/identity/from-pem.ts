import { ConfigurationError } from '../errors.js';
import type { AssembledIdentity, IdentitySources } from './assemble-identity.js';
import { KEY_WORDS } from './key-words.js';
import { type Passphrase, createPassphraseSource } from './passphrase.js';
import { findPassphraseProblem } from './passphrase-problem.js';
import type { X509IdentityProvider } from './x509-identity.js';

/** Certificate and key in memory: PEM text, PEM or DER bytes. */
export interface FromPemInit {
  /** The certificate; others beside it, in any order, are taken as its chain. */
  readonly certificate: string | Uint8Array;
  /** Default: the private key is inside `certificate`. */
  readonly privateKey?: string | Uint8Array | undefined;
  /** Intermediates in any order. Default: what stands beside the certificate. */
  readonly chain?: string | Uint8Array | undefined;
  /** For an encrypted key: a text, a file, an environment variable, or a function that is asked once. */
  readonly passphrase?: Passphrase | undefined;
}

/**
 * An identity from PEM or DER in memory. Read at the first call; every call checks that it is still valid.
 *
 * @throws ConfigurationError `INVALID_OPTION` at once, when an option is missing or not text or bytes, or the passphrase has no known form
 * @throws IdentityError, SigningError from the provider, with the codes of `createX509Identity`
 * @example
 * const provider = fromPem({ certificate: secrets.certificate, privateKey: secrets.key });
 */
export function fromPem(init: FromPemInit): X509IdentityProvider {
  return pemProvider(init, () => new Date());
}

/** {@link fromPem} with a clock. */
export function pemProvider(init: FromPemInit, clock: () => Date): X509IdentityProvider {
  const sources = sourcesOf(init);
  let loading: Promise<AssembledIdentity> | undefined;
  return async () => {
    loading ??= assemble(sources).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const loaded = await loading;
    loaded.checkAt(clock());
    return loaded.identity;
  };
}

async function assemble(sources: IdentitySources): Promise<AssembledIdentity> {
  const { assembleIdentity } = await import('./assemble-identity.js');
  return assembleIdentity(sources);
}

function sourcesOf(init: FromPemInit): IdentitySources {
  const { certificate, privateKey, chain, passphrase } = init;
  const given = { certificate, privateKey, chain };
  const problems = Object.entries(given)
    .filter(([name, data]) => data !== undefined || name === 'certificate')
    .filter(([, data]) => typeof data !== 'string' && !(data instanceof Uint8Array))
    .map(([name]) => `\`${name}\` must be PEM text, or PEM or DER bytes`)
    .concat(findPassphraseProblem(passphrase, 'passphrase') ?? []);
  if (problems.length > 0)
    throw new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
  const leaf = { label: '`certificate`', data: certificate };
  return {
    certificates: [leaf],
    chain: chain === undefined ? [] : [{ label: '`chain`', data: chain }],
    key: privateKey === undefined ? leaf : { label: '`privateKey`', data: privateKey },
    passphrase: createPassphraseSource(passphrase, KEY_WORDS),
  };
}
