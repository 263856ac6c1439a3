import {
  type DerElement,
  TAG,
  readDerChildren,
  readDerInteger,
  readDerSequence,
  readObjectIdentifier,
} from '../x509/der.js';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
/** RFC 7914 §7 */
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

/** RFC 8018 §B.1.2; the first is the default. */
const HASHES: Readonly<Record<string, Pbkdf2['hash']>> = {
  '1.2.840.113549.2.7': 'SHA-1',
  '1.2.840.113549.2.8': 'SHA-224',
  '1.2.840.113549.2.9': 'SHA-256',
  '1.2.840.113549.2.10': 'SHA-384',
  '1.2.840.113549.2.11': 'SHA-512',
  '1.2.840.113549.2.12': 'SHA-512-224',
  '1.2.840.113549.2.13': 'SHA-512-256',
};
/** RFC 8018 §B.2.2 and §B.2.5 */
const CIPHERS: Readonly<Record<string, Pick<Pbes2Cipher, 'name' | 'keyOctets'>>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'AES-CBC', keyOctets: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'AES-CBC', keyOctets: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'AES-CBC', keyOctets: 32 },
  '1.2.840.113549.3.7': { name: '3DES-CBC', keyOctets: 24 },
};

/** About five seconds of SHA-256. More is either a mistake or an attack. */
export const MAXIMUM_ITERATIONS = 10_000_000;
/** Of memory, times the lanes. A second or two; OpenSSL and others take 16 MiB when they are not told. */
const MAXIMUM_SCRYPT_OCTETS = 512 * 1024 * 1024;

/** Key derivation by PBKDF2. @see RFC 8018 §5.2 */
export interface Pbkdf2 {
  readonly name: 'PBKDF2';
  readonly hash: 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SHA-512-224' | 'SHA-512-256';
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

/** Key derivation by scrypt. @see RFC 7914 §6 */
export interface Scrypt {
  readonly name: 'scrypt';
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** What the derived key opens. */
export interface Pbes2Cipher {
  readonly name: 'AES-CBC' | '3DES-CBC';
  readonly keyOctets: number;
  readonly iv: Uint8Array<ArrayBuffer>;
}

/** How a PBES2 key is opened. */
export interface Pbes2Scheme {
  readonly kdf: Pbkdf2 | Scrypt;
  readonly cipher: Pbes2Cipher;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/**
 * Reads how an encrypted PKCS#8 key is opened. `unknown` for what is not PBES2 with a cipher and a derivation that are
 * known here; `too-expensive` for one that would take more time or memory than any honest file asks for.
 *
 * @throws RangeError when it is not DER
 * @see RFC 8018 §A.4, RFC 5958 §3
 */
export function readPbes2(der: Uint8Array): Pbes2Scheme | 'unknown' | 'too-expensive' {
  const [algorithm, ciphertext] = readDerSequence(der);
  if (algorithm === undefined || ciphertext === undefined) return 'unknown';
  const [scheme, parameters] = readDerChildren(algorithm);
  const [derivation, encryption] = parameters === undefined ? [] : readDerChildren(parameters);
  if (oidOf(scheme) !== PBES2 || derivation === undefined || encryption === undefined) return 'unknown';
  const [cipherOid, iv] = readDerChildren(encryption);
  const cipher = CIPHERS[oidOf(cipherOid)];
  const kdf = readDerivation(derivation);
  if (kdf !== undefined && isTooExpensive(kdf)) return 'too-expensive';
  if (kdf === undefined || cipher === undefined || iv === undefined) return 'unknown';
  return { kdf, cipher: { ...cipher, iv: iv.content.slice() }, ciphertext: ciphertext.content.slice() };
}

function readDerivation(derivation: DerElement): Pbkdf2 | Scrypt | undefined {
  const [oid, parameters] = readDerChildren(derivation);
  const [salt, ...rest] = parameters === undefined ? [] : readDerChildren(parameters);
  if (salt?.tag !== TAG.octetString) return undefined;
  // The length of the key may stand among the numbers; the cipher says it too.
  const [first = 0, second = 0, third = 0] = rest.filter(({ tag }) => tag === TAG.integer).map(numberOf);
  const base = { salt: salt.content.slice() };
  if (oidOf(oid) === SCRYPT)
    return { name: 'scrypt', ...base, cost: first, blockSize: second, parallelization: third };
  const prf = rest.find(({ tag }) => tag === TAG.sequence);
  const hash = HASHES[prf === undefined ? '1.2.840.113549.2.7' : oidOf(readDerChildren(prf)[0])];
  if (oidOf(oid) !== PBKDF2 || hash === undefined || first < 1) return undefined;
  return { name: 'PBKDF2', ...base, hash, iterations: first };
}

function isTooExpensive(kdf: Pbkdf2 | Scrypt): boolean {
  if (kdf.name === 'PBKDF2') return kdf.iterations > MAXIMUM_ITERATIONS;
  // Each lane takes as long as all the others.
  return 128 * kdf.cost * kdf.blockSize * Math.max(1, kdf.parallelization) > MAXIMUM_SCRYPT_OCTETS;
}

/** The highest number in the parameters of any password-based encryption: its rounds, or more than them. */
export function highestCount(der: Uint8Array): number {
  const [algorithm] = readDerSequence(der);
  return algorithm === undefined ? 0 : highestInteger(algorithm);
}

/** No password-based encryption nests deeper than this. */
const DEEPEST = 8;

function highestInteger(element: DerElement, depth = 0): number {
  if (element.tag === TAG.integer) return numberOf(element);
  if (element.tag !== TAG.sequence) return 0;
  if (depth > DEEPEST) return Infinity;
  const numbers = readDerChildren(element).map((child) => highestInteger(child, depth + 1));
  return numbers.reduce((highest, number) => Math.max(highest, number), 0);
}

function numberOf({ content }: DerElement): number {
  return content.length > 8 ? Infinity : Number(readDerInteger(content));
}

function oidOf(element: DerElement | undefined): string {
  return element?.tag === TAG.objectIdentifier ? readObjectIdentifier(element.content) : '';
}
