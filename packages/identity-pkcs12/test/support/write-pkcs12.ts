/** Writes PKCS#12 files, good and odd ones, with nothing of the sources under test. */
import { createCipheriv, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto';
import { der, explicit, integer, octets, oid, sequence } from './der.js';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAG = '1.2.840.113549.1.12.10.1';
const SALT = Buffer.from('0123456789abcdef');
const IV = Buffer.alloc(16, 7);
export const ITERATIONS = 1000;

/** PBES2 with AES-256: how the key is derived. */
export interface Pbes2 {
  readonly algorithm: Buffer;
  encrypt(plain: Uint8Array): Buffer;
}

export interface Pbkdf2Options {
  /** The OID and the name of a PRF; absent: the default, which is not written. */
  readonly prf?: readonly [oid: string, name: string];
  readonly writesKeyLength?: boolean;
  readonly iterations?: number;
  /** What is written as the count, when it is not what was used. */
  readonly claimedIterations?: number;
}

export function pbkdf2Aes256(password: string | Uint8Array, options: Pbkdf2Options = {}): Pbes2 {
  const { prf, writesKeyLength = false, iterations = ITERATIONS } = options;
  const parameters = sequence(
    octets(SALT),
    integer(options.claimedIterations ?? iterations),
    ...(writesKeyLength ? [integer(32)] : []),
    ...(prf === undefined ? [] : [sequence(oid(prf[0]), Buffer.from([5, 0]))]),
  );
  const key = pbkdf2Sync(password, SALT, iterations, 32, prf?.[1] ?? 'sha1');
  return pbes2(sequence(oid('1.2.840.113549.1.5.12'), parameters), key);
}

export function scryptAes256(password: string, cost: { N: number; r: number; p: number }): Pbes2 {
  const parameters = sequence(octets(SALT), integer(cost.N), integer(cost.r), integer(cost.p));
  const key = cost.N > 2 ** 16 ? Buffer.alloc(32) : scryptSync(password, SALT, 32, cost);
  return pbes2(sequence(oid('1.3.6.1.4.1.11591.4.11'), parameters), key);
}

function pbes2(derivation: Buffer, key: Uint8Array): Pbes2 {
  const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(IV));
  return {
    algorithm: sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, cipher)),
    encrypt(plain) {
      const aes = createCipheriv('aes-256-cbc', key, IV);
      return Buffer.concat([aes.update(plain), aes.final()]);
    },
  };
}

export function encryptedKeyBag(pkcs8: Uint8Array, protection: Pbes2, localKeyId?: string): Buffer {
  const value = sequence(protection.algorithm, octets(protection.encrypt(pkcs8)));
  return bag('2', value, localKeyId);
}

export function keyBag(pkcs8: Uint8Array, localKeyId?: string): Buffer {
  return bag('1', pkcs8, localKeyId);
}

export function certificateBag(certificate: Uint8Array, localKeyId?: string): Buffer {
  const value = sequence(oid('1.2.840.113549.1.9.22.1'), explicit(octets(certificate)));
  return bag('3', value, localKeyId);
}

/** A bag of any type; 6 holds other bags. */
export function bag(type: string, value: Uint8Array, localKeyId?: string): Buffer {
  const attributes =
    localKeyId === undefined
      ? []
      : [der(0x31, sequence(oid('1.2.840.113549.1.9.21'), der(0x31, octets(Buffer.from(localKeyId)))))];
  return sequence(oid(`${BAG}.${type}`), explicit(value), ...attributes);
}

export function plainSafe(...bags: readonly Buffer[]): Buffer {
  return sequence(oid(DATA), explicit(octets(sequence(...bags))));
}

export function encryptedSafe(protection: Pbes2, ...bags: readonly Buffer[]): Buffer {
  const ciphertext = der(0x80, protection.encrypt(sequence(...bags)));
  const info = sequence(oid(DATA), protection.algorithm, ciphertext);
  return sequence(oid(ENCRYPTED_DATA), explicit(sequence(integer(0), info)));
}

/** The whole file; `macOf` gives the MacData for what it covers. */
export function pkcs12(safes: readonly Buffer[], macOf?: (authenticated: Buffer) => Buffer): Buffer {
  const authenticated = sequence(...safes);
  const content = sequence(oid(DATA), explicit(octets(authenticated)));
  return sequence(integer(3), content, ...(macOf === undefined ? [] : [macOf(authenticated)]));
}

export interface Pbmac1Options {
  readonly keyLength?: number;
  readonly claimedIterations?: number;
}

/** MacData of PBMAC1 with HMAC-SHA-256 and, as its PRF, HMAC-SHA-512. @see RFC 9879 */
export function pbmac1(
  password: string,
  { keyLength, claimedIterations }: Pbmac1Options,
): (covered: Buffer) => Buffer {
  const derivation = sequence(
    oid('1.2.840.113549.1.5.12'),
    sequence(
      octets(SALT),
      integer(claimedIterations ?? ITERATIONS),
      ...(keyLength === undefined ? [] : [integer(keyLength)]),
      sequence(oid('1.2.840.113549.2.11'), Buffer.from([5, 0])),
    ),
  );
  const scheme = sequence(oid('1.2.840.113549.2.9'), Buffer.from([5, 0]));
  const algorithm = sequence(oid('1.2.840.113549.1.5.14'), sequence(derivation, scheme));
  const key = pbkdf2Sync(password, SALT, ITERATIONS, keyLength ?? 32, 'sha512');
  return (covered) => {
    const digest = createHmac('sha256', key).update(covered).digest();
    return sequence(sequence(algorithm, octets(digest)), octets(Buffer.from('NOT USED')), integer(1));
  };
}
