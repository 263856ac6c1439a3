import {
  type DerElement,
  readDerChildren,
  readDerInteger,
  readDerSequence,
  readObjectIdentifier,
} from '../x509/der.js';
import type { KeyFault, PrivateKeyData } from './platform.js';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
/** RFC 8018 §B.1.2; the first is the default. */
const HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
};
/** AES-CBC and the length of its key in bits (RFC 8018 §B.2.5). */
const CIPHERS: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 128,
  '2.16.840.1.101.3.4.1.22': 192,
  '2.16.840.1.101.3.4.1.42': 256,
};
const MAXIMUM_ITERATIONS = 10_000_000n;

interface Scheme {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
  readonly hash: string;
  readonly keyBits: number;
  readonly iv: Uint8Array<ArrayBuffer>;
}

/**
 * Opens an encrypted PKCS#8 key with what WebCrypto has: PBES2 of PBKDF2 and AES-CBC.
 *
 * @see RFC 8018 §6.2, RFC 5958 §3
 */
export async function decryptPbes2({ der, passphrase = '' }: PrivateKeyData): Promise<Uint8Array | KeyFault> {
  const [algorithm, ciphertext] = readDerSequence(der);
  const scheme = algorithm && readScheme(algorithm);
  if (scheme === undefined || ciphertext === undefined)
    return {
      fault: 'KEY_UNSUPPORTED',
      detail: 'is encrypted in a way that WebCrypto cannot undo.',
      cipherUnknown: true,
    };
  const { salt, iterations, hash, keyBits, iv } = scheme;
  const secret = new TextEncoder().encode(passphrase);
  const base = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', salt, iterations, hash };
  const cipher = { name: 'AES-CBC', length: keyBits };
  const key = await crypto.subtle.deriveKey(derivation, base, cipher, false, ['decrypt']);
  try {
    const parameters = { name: 'AES-CBC', iv };
    const opened = new Uint8Array(await crypto.subtle.decrypt(parameters, key, ciphertext.content.slice()));
    // A wrong passphrase can, by chance, give well-padded nonsense.
    readDerSequence(opened);
    return opened;
  } catch (cause) {
    return { fault: 'PASSPHRASE_WRONG', detail: 'does not open with the given passphrase.', cause };
  }
}

function readScheme(algorithm: DerElement): Scheme | undefined {
  const [scheme, parameters] = readDerChildren(algorithm);
  const [kdf, cipher] = parameters === undefined ? [] : readDerChildren(parameters);
  if (oidOf(scheme) !== PBES2 || kdf === undefined || cipher === undefined) return undefined;
  const [kdfOid, kdfParameters] = readDerChildren(kdf);
  const [cipherOid, iv] = readDerChildren(cipher);
  const keyBits = CIPHERS[oidOf(cipherOid)];
  if (oidOf(kdfOid) !== PBKDF2 || keyBits === undefined || iv === undefined) return undefined;
  const [salt, count, ...rest] = kdfParameters === undefined ? [] : readDerChildren(kdfParameters);
  if (salt === undefined || count === undefined) return undefined;
  const iterations = readDerInteger(count.content);
  const prf = rest.find((element) => element.tag === 0x30);
  const hash = HASHES[prf === undefined ? '1.2.840.113549.2.7' : oidOf(readDerChildren(prf)[0])];
  if (hash === undefined || iterations < 1n || iterations > MAXIMUM_ITERATIONS) return undefined;
  return {
    salt: salt.content.slice(),
    iterations: Number(iterations),
    hash,
    keyBits,
    iv: iv.content.slice(),
  };
}

function oidOf(element: DerElement | undefined): string {
  return element === undefined ? '' : readObjectIdentifier(element.content);
}
