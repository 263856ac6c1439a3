import { createDecipheriv, pbkdf2, scrypt } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { malformed } from '../pkcs12-fault.js';
import { PURPOSE, derivePkcs12Key } from './derive-pkcs12-key.js';
import type { Cipher, Encrypted, Encryption } from './encryption.js';
import { DEFAULT_HASH } from './hashes.js';
import type { KeyDerivation } from './key-derivation.js';
import { decryptRc2Cbc } from './rc2.js';
import type { Secret } from './secrets.js';

const pbkdf2InPool = promisify(pbkdf2);
/** More than the largest that is let through. */
const SCRYPT_MEMORY_OCTETS = 256 * 1024 * 1024;
/** A millisecond or two of the slowest cipher. */
const OCTETS_IN_A_TURN = 16 * 1024;

/**
 * Decrypts a part of the file or a key; undefined when the secret does not fit. Whether it really fits is seen from what is
 * decrypted: a wrong one gives well-padded nonsense once in 256 times.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 */
export async function decrypt(
  { encryption, ciphertext }: Encrypted,
  secret: Secret,
): Promise<Uint8Array | undefined> {
  const { cipher } = encryption;
  if (ciphertext.length === 0 || ciphertext.length % cipher.ivOctets > 0)
    throw malformed('an encrypted part is not made of whole blocks');
  const { key, iv } = await deriveKeyAndIv(encryption, secret);
  return withoutPadding(await decryptBlocks(cipher, { key, iv }, ciphertext), cipher.ivOctets);
}

/** A key by PBKDF2 or scrypt, in the thread pool. */
export async function deriveKey(
  derivation: KeyDerivation,
  secret: Secret,
  keyOctets: number,
): Promise<Uint8Array> {
  if (derivation.kind === 'scrypt') return scryptInPool(secret.octets, derivation, keyOctets);
  const { hash, iterations, salt } = derivation;
  return pbkdf2InPool(secret.octets, salt, iterations, keyOctets, hash.name);
}

type ScryptDerivation = Extract<KeyDerivation, { kind: 'scrypt' }>;

function scryptInPool(
  password: Uint8Array,
  { salt, cost }: ScryptDerivation,
  octets: number,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: SCRYPT_MEMORY_OCTETS };
    scrypt(password, salt, octets, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

interface KeyAndIv {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

async function deriveKeyAndIv(encryption: Encryption, secret: Secret): Promise<KeyAndIv> {
  const { keyOctets, ivOctets } = encryption.cipher;
  if (encryption.kind === 'pbes2')
    return { key: await deriveKey(encryption.derivation, secret, keyOctets), iv: encryption.iv };
  const { salt, iterations } = encryption;
  const derivation = { hash: DEFAULT_HASH, salt, iterations };
  return {
    key: await derivePkcs12Key(secret.bmp, { ...derivation, purpose: PURPOSE.key, octets: keyOctets }),
    iv: await derivePkcs12Key(secret.bmp, {
      ...derivation,
      purpose: PURPOSE.initialisationVector,
      octets: ivOctets,
    }),
  };
}

/** Piece by piece: three-fold DES and RC2 take tens of milliseconds for a large file. */
async function decryptBlocks(
  { name }: Cipher,
  { key, iv }: KeyAndIv,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let before = iv;
  for (let start = 0; start < ciphertext.length; start += OCTETS_IN_A_TURN) {
    if (start > 0) await nextTurn();
    const piece = ciphertext.subarray(start, start + OCTETS_IN_A_TURN);
    pieces.push(
      name === 'rc2-cbc' ? decryptRc2Cbc(key, before, piece) : decryptPiece(name, { key, iv: before }, piece),
    );
    before = piece.subarray(-iv.length);
  }
  return Buffer.concat(pieces);
}

function decryptPiece(name: string, { key, iv }: KeyAndIv, piece: Uint8Array): Uint8Array {
  // With two keys the first one is used twice.
  const whole = name === 'des-ede3-cbc' && key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  const decipher = createDecipheriv(name, whole, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(piece), decipher.final()]);
}

/** Undefined when the padding is wrong. @see RFC 8018 §6.1.1 */
function withoutPadding(padded: Uint8Array, blockOctets: number): Uint8Array | undefined {
  const count = padded.at(-1) ?? 0;
  const padding = padded.subarray(-count);
  if (count < 1 || count > blockOctets || !padding.every((octet) => octet === count)) return undefined;
  return padded.subarray(0, padded.length - count);
}
