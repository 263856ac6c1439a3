import { ConfigurationError } from '../errors.js';
import type { Certificate } from '../x509/certificate.js';
import type { Source } from './key-material.js';
import { KEY_WORDS } from './key-words.js';
import { type Passphrase, createPassphraseSource } from './passphrase.js';
import { type SigningKey, type SigningKeySource, createSigningKey } from './signing-key.js';

/** A certificate, the intermediates above it, and the key that belongs to it. */
export interface X509Identity {
  readonly certificate: Certificate;
  /** Intermediates only, the issuer of the certificate first; at most five. */
  readonly chain: readonly Certificate[];
  readonly key: SigningKey;
  /** When the certificate ends, or a link of the chain, if that is earlier; a cross-signed one ends with its last certificate. */
  readonly expiration: Date;
  /**
   * Why this identity is given though its source should have another: what is wrong with that. `fromPemFiles` says so of files that
   * do not fit together. Default: absent, it is what the source has.
   */
  readonly keptBecause?: unknown;
}

/** Called for every refresh. Rejects with IdentityError; never resolves to an expired identity. */
export type X509IdentityProvider = () => Promise<X509Identity>;

/** A certificate or several: PEM text, PEM or DER bytes, or a certificate that was read before. */
export type CertificateInput = string | Uint8Array | Certificate;

/** What {@link createX509Identity} takes. */
export interface X509IdentityParts {
  /** The certificate; others beside it are taken as its chain. */
  readonly certificate: CertificateInput;
  /** Intermediates in any order. Default: what stands beside the certificate. */
  readonly chain?: CertificateInput | readonly CertificateInput[] | undefined;
  /** PEM or DER, a KeyObject, a CryptoKey, or a signing key of your own. */
  readonly key: string | Uint8Array | SigningKeySource;
  /** For an encrypted PEM or DER key: a text, a file, an environment variable, or a function that is asked once. */
  readonly passphrase?: Passphrase | undefined;
}

/**
 * Puts a certificate, its chain and its key together: finds the leaf by its key, orders the chain, checks the validity,
 * and makes the key prove itself with its first signature.
 *
 * @throws IdentityError `CERTIFICATE_INVALID`, `CERTIFICATE_EXPIRED`, `CERTIFICATE_NOT_YET_VALID`, `CHAIN_INVALID`,
 *   `PRIVATE_KEY_INVALID`, `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`, `KEY_UNSUPPORTED`
 * @throws SigningError `KEY_MISMATCH` when the key does not belong to the certificate
 * @example
 * const identity = await createX509Identity({ certificate: pem, key: { algorithm: 'AWS4-X509-RSA-SHA256', sign } });
 */
export async function createX509Identity(parts: X509IdentityParts): Promise<X509Identity> {
  const { key, chain = [] } = parts;
  const chainInputs = isList(chain) ? chain : [chain];
  const { assembleIdentity } = await import('./assemble-identity.js');
  const identity = await assembleIdentity({
    certificates: [sourceOf('`certificate`', parts.certificate)],
    chain: chainInputs.map((input) => sourceOf('`chain`', input)),
    key:
      typeof key === 'string' || key instanceof Uint8Array
        ? { label: '`key`', data: key }
        : createSigningKey(key),
    passphrase: createPassphraseSource(parts.passphrase, KEY_WORDS),
  });
  identity.checkAt(new Date());
  return identity.identity;
}

function sourceOf(label: string, input: CertificateInput): Source {
  if (typeof input === 'string' || input instanceof Uint8Array) return { label, data: input };
  if (input?.der instanceof Uint8Array) return { label, data: input.der };
  const message = `${label} must be PEM text, PEM or DER bytes, or a certificate.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

function isList(chain: CertificateInput | readonly CertificateInput[]): chain is readonly CertificateInput[] {
  return Array.isArray(chain);
}
