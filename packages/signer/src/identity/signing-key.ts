import { platform } from '#platform';
import { ConfigurationError, IdentityError } from '../errors.js';

const SIGNING_ALGORITHMS = ['AWS4-X509-RSA-SHA256', 'AWS4-X509-ECDSA-SHA256', 'AWS4-X509-MLDSA'] as const;

/**
 * What a signature of X.509 Signature Version 4 may be made with. RSA is PKCS#1 v1.5 with SHA-256; ECDSA is with SHA-256
 * whatever the curve; ML-DSA signs the message itself.
 *
 * @see IAM Roles Anywhere User Guide, authentication-sign-process
 */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** Signs messages with a private key that may never leave its hardware. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  /** SubjectPublicKeyInfo, DER, where it is known: then a wrong certificate is found when the identity is loaded. */
  readonly publicKey?: Uint8Array;
  /**
   * Receives the message, not its digest. ECDSA answers are DER. Called once per signed request; rejects when the key
   * cannot sign now.
   */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The part of a `KeyObject` of `node:crypto` that is looked at; the typings of Node are not needed. */
export interface NodeKeyObject {
  readonly type: 'private' | 'public' | 'secret';
  readonly asymmetricKeyType?: string | undefined;
  equals(other: never): boolean;
}

/** The part of a WebCrypto `CryptoKey` that is looked at. */
export interface WebCryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

/** What {@link createSigningKey} takes. */
export type SigningKeySource = NodeKeyObject | WebCryptoKey | SigningKey;

/**
 * Makes a signing key from a private `KeyObject` (Node, Bun, Deno), from a WebCrypto `CryptoKey` (RSASSA-PKCS1-v1_5 with
 * SHA-256, or ECDSA), or from the caller's own function, which may ask a device or a service.
 * With a `KeyObject`, P-256 signs on the event loop, everything else in the thread pool.
 *
 * @throws ConfigurationError `INVALID_OPTION` when the value is none of these
 * @throws IdentityError `KEY_UNSUPPORTED` when the key is of another kind or may not sign
 * @example
 * createSigningKey({ algorithm: 'AWS4-X509-ECDSA-SHA256', sign: (message) => hsm.sign(message) });
 */
export function createSigningKey(key: SigningKeySource): SigningKey {
  if (typeof key !== 'object' || key === null) throw notAKey();
  if (isOwnKey(key)) return checkOwnKey(key);
  const signingKey = platform.signingKeyOf(key);
  if (signingKey === undefined) throw notAKey();
  if (!('fault' in signingKey)) return signingKey;
  const message = `The private key given as \`key\` ${signingKey.detail}`;
  const code = signingKey.fault;
  throw new IdentityError({ code, message, cause: signingKey.cause });
}

function isOwnKey(key: SigningKeySource): key is SigningKey {
  return 'sign' in key && typeof key.sign === 'function';
}

function checkOwnKey(key: SigningKey): SigningKey {
  if (SIGNING_ALGORITHMS.includes(key.algorithm)) return key;
  const message = `\`algorithm\` of the signing key must be one of ${SIGNING_ALGORITHMS.join(', ')}.`;
  throw new ConfigurationError({ code: 'INVALID_OPTION', message });
}

function notAKey(): ConfigurationError {
  const message =
    '`key` is not a signing key. Give a private KeyObject, a CryptoKey, or an object with `algorithm` and `sign`.';
  return new ConfigurationError({ code: 'INVALID_OPTION', message });
}
