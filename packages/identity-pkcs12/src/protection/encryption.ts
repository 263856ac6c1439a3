import type { BerValue } from '../container/ber.js';
import { readCount, readObjectIdentifier, readOctetString, readSequence } from '../container/ber-values.js';
import { malformed, unsupported } from '../pkcs12-fault.js';
import { DEFAULT_HASH } from './hashes.js';
import type { DerivationCost } from './iteration-budget.js';
import { type KeyDerivation, costOfDerivation, readKeyDerivation } from './key-derivation.js';

/** A block cipher in CBC mode, and its sizes in octets. */
export interface Cipher {
  /** Of `node:crypto`, or ours for RC2. */
  readonly name: string;
  readonly keyOctets: number;
  readonly ivOctets: number;
}

/** How something is encrypted. With PBES1 of PKCS#12 the initialisation vector comes from the passphrase, too. */
export type Encryption =
  | {
      readonly kind: 'pbes2';
      readonly derivation: KeyDerivation;
      readonly cipher: Cipher;
      readonly iv: Uint8Array;
    }
  | {
      readonly kind: 'pbes1';
      readonly salt: Uint8Array;
      readonly iterations: number;
      readonly cipher: Cipher;
    };

/** Something that a passphrase protects. */
export interface Encrypted {
  readonly encryption: Encryption;
  readonly ciphertext: Uint8Array;
}

const PBES2 = '1.2.840.113549.1.5.13';
/** RFC 8018 §B.2, RFC 3657 §3. */
const PBES2_CIPHERS: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyOctets: 16, ivOctets: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyOctets: 24, ivOctets: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyOctets: 32, ivOctets: 16 },
  '1.2.392.200011.61.1.1.1.2': { name: 'camellia-128-cbc', keyOctets: 16, ivOctets: 16 },
  '1.2.392.200011.61.1.1.1.3': { name: 'camellia-192-cbc', keyOctets: 24, ivOctets: 16 },
  '1.2.392.200011.61.1.1.1.4': { name: 'camellia-256-cbc', keyOctets: 32, ivOctets: 16 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyOctets: 24, ivOctets: 8 },
};
/** RFC 7292 §C. */
const PBES1_CIPHERS: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', keyOctets: 24, ivOctets: 8 },
  '1.2.840.113549.1.12.1.4': { name: 'des-ede3-cbc', keyOctets: 16, ivOctets: 8 },
  '1.2.840.113549.1.12.1.5': { name: 'rc2-cbc', keyOctets: 16, ivOctets: 8 },
  '1.2.840.113549.1.12.1.6': { name: 'rc2-cbc', keyOctets: 5, ivOctets: 8 },
};
/** Those that are not opened, by their names. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4-128 (pbeWithSHAAnd128BitRC4)',
  '1.2.840.113549.1.12.1.2': 'RC4-40 (pbeWithSHAAnd40BitRC4)',
  '1.2.840.113549.1.5.1': 'DES (pbeWithMD2AndDES-CBC)',
  '1.2.840.113549.1.5.3': 'DES (pbeWithMD5AndDES-CBC)',
  '1.2.840.113549.1.5.4': 'RC2 (pbeWithMD2AndRC2-CBC)',
  '1.2.840.113549.1.5.6': 'RC2 (pbeWithMD5AndRC2-CBC)',
  '1.2.840.113549.1.5.10': 'DES (pbeWithSHA1AndDES-CBC)',
  '1.2.840.113549.1.5.11': 'RC2 (pbeWithSHA1AndRC2-CBC)',
};

/**
 * Understands how something is encrypted.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED`
 * @see RFC 8018 §6.2 and §A.4, RFC 7292 §C
 */
export function readEncryption(algorithm: BerValue): Encryption {
  const [id, parameters] = readSequence(algorithm);
  const oid = readObjectIdentifier(id);
  if (oid === PBES2) return readPbes2(readSequence(parameters));
  const cipher = PBES1_CIPHERS[oid];
  if (cipher === undefined) throw unsupported(UNSUPPORTED[oid] ?? `the encryption ${oid}`);
  const [salt, iterations] = readSequence(parameters);
  const count = readCount(iterations);
  if (count < 1) throw malformed('a count of its key derivation is zero');
  return { kind: 'pbes1', salt: readOctetString(salt), iterations: count, cipher };
}

/** What it takes to derive the key, and with PBES1 the initialisation vector. */
export function costOfEncryption(encryption: Encryption): DerivationCost {
  const { keyOctets } = encryption.cipher;
  if (encryption.kind === 'pbes2') return costOfDerivation(encryption.derivation, keyOctets);
  return { iterations: encryption.iterations, passes: Math.ceil(keyOctets / DEFAULT_HASH.digestOctets) + 1 };
}

function readPbes2([keyDerivation, scheme]: readonly BerValue[]): Encryption {
  const derivation = readKeyDerivation(keyDerivation);
  const [id, parameters] = readSequence(scheme);
  const oid = readObjectIdentifier(id);
  const cipher = PBES2_CIPHERS[oid];
  if (cipher === undefined) throw unsupported(`the cipher ${oid}`);
  const iv = readOctetString(parameters);
  if (iv.length !== cipher.ivOctets) throw malformed('an initialisation vector has a wrong length');
  if (derivation.keyOctets !== undefined && derivation.keyOctets !== cipher.keyOctets)
    throw malformed('a key length does not fit the cipher');
  return { kind: 'pbes2', derivation, cipher, iv };
}
