import type { SigningKey } from '../identity/signing-key.js';
import { ecdsaRawToDer } from './ecdsa-signature.js';
import type { KeyFault } from './platform.js';

/** Curves of the service's clients, and the length of a coordinate in octets (SEC 1 §2.3.5). */
export const CURVE_OCTETS: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

export const RSA_PARAMETERS = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
export const ECDSA_PARAMETERS = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** True for a `CryptoKey` of any WebCrypto; their classes differ between realms. */
export function isCryptoKey(key: object): key is CryptoKey {
  return Object.prototype.toString.call(key) === '[object CryptoKey]';
}

/** Signs with a private WebCrypto key, extractable or not. */
export function signingKeyOfCryptoKey(key: CryptoKey): SigningKey | KeyFault {
  if (key.type !== 'private' || !key.usages.includes('sign'))
    return unsupported('cannot sign. Give a private key with the usage "sign".');
  const { name } = key.algorithm;
  if (name === 'RSASSA-PKCS1-v1_5') return rsaKey(key);
  if (name === 'ECDSA') return ecdsaKey(key);
  if (/^ML-DSA-(44|65|87)$/.test(name)) return mlDsaKey(key);
  return unsupported(
    `is a ${name} key. Give an RSASSA-PKCS1-v1_5 key with SHA-256, an ECDSA key or an ML-DSA key.`,
  );
}

function mlDsaKey(key: CryptoKey): SigningKey {
  const { name } = key.algorithm;
  return {
    algorithm: 'AWS4-X509-MLDSA',
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign({ name }, key, message.slice()));
    },
  };
}

function rsaKey(key: CryptoKey): SigningKey | KeyFault {
  // An RSASSA-PKCS1-v1_5 key always has its hash in its algorithm (Web Cryptography API §20.4).
  const hash = 'hash' in key.algorithm ? nameOf(key.algorithm.hash) : 'no hash';
  if (hash !== 'SHA-256') return unsupported(`is bound to ${hash}. Import it with SHA-256.`);
  return {
    algorithm: 'AWS4-X509-RSA-SHA256',
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign(RSA_PARAMETERS, key, message.slice()));
    },
  };
}

function ecdsaKey(key: CryptoKey): SigningKey | KeyFault {
  // An ECDSA key always has its curve in its algorithm (Web Cryptography API §23.4).
  const namedCurve = 'namedCurve' in key.algorithm ? String(key.algorithm.namedCurve) : 'unknown';
  if (CURVE_OCTETS[namedCurve] === undefined)
    return unsupported(`is on the curve ${namedCurve}. Use ${Object.keys(CURVE_OCTETS).join(', ')}.`);
  return {
    algorithm: 'AWS4-X509-ECDSA-SHA256',
    async sign(message) {
      return ecdsaRawToDer(new Uint8Array(await crypto.subtle.sign(ECDSA_PARAMETERS, key, message.slice())));
    },
  };
}

function nameOf(hash: unknown): string {
  return typeof hash === 'object' && hash !== null && 'name' in hash ? String(hash.name) : String(hash);
}

function unsupported(detail: string): KeyFault {
  return { fault: 'KEY_UNSUPPORTED', detail };
}
