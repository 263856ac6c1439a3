/** A hash function: its name in `node:crypto`, and its sizes in octets. */
export interface HashFunction {
  readonly name: string;
  readonly digestOctets: number;
  /** Of its compression function; the derivation of PKCS#12 works in these. */
  readonly blockOctets: number;
}

const SHA1 = { name: 'sha1', digestOctets: 20, blockOctets: 64 };
const SHA224 = { name: 'sha224', digestOctets: 28, blockOctets: 64 };
const SHA256 = { name: 'sha256', digestOctets: 32, blockOctets: 64 };
const SHA384 = { name: 'sha384', digestOctets: 48, blockOctets: 128 };
const SHA512 = { name: 'sha512', digestOctets: 64, blockOctets: 128 };
const SHA512_224 = { name: 'sha512-224', digestOctets: 28, blockOctets: 128 };
const SHA512_256 = { name: 'sha512-256', digestOctets: 32, blockOctets: 128 };

/** The hash of PBES1, and of PBKDF2 where none is named. */
export const DEFAULT_HASH: HashFunction = SHA1;

/** By the OID of the hash. @see RFC 8017 §B.1 */
export const HASHES: Readonly<Record<string, HashFunction>> = {
  '1.3.14.3.2.26': SHA1,
  '2.16.840.1.101.3.4.2.4': SHA224,
  '2.16.840.1.101.3.4.2.1': SHA256,
  '2.16.840.1.101.3.4.2.2': SHA384,
  '2.16.840.1.101.3.4.2.3': SHA512,
  '2.16.840.1.101.3.4.2.5': SHA512_224,
  '2.16.840.1.101.3.4.2.6': SHA512_256,
};

/** By the OID of its HMAC. @see RFC 8018 §B.1.2 */
export const HMACS: Readonly<Record<string, HashFunction>> = {
  '1.2.840.113549.2.7': SHA1,
  '1.2.840.113549.2.8': SHA224,
  '1.2.840.113549.2.9': SHA256,
  '1.2.840.113549.2.10': SHA384,
  '1.2.840.113549.2.11': SHA512,
  '1.2.840.113549.2.12': SHA512_224,
  '1.2.840.113549.2.13': SHA512_256,
};
