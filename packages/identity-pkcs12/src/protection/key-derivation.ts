import type { BerValue } from '../container/ber.js';
import {
  TAG,
  readCount,
  readObjectIdentifier,
  readOctetString,
  readSequence,
} from '../container/ber-values.js';
import { Pkcs12Fault, malformed, unsupported } from '../pkcs12-fault.js';
import type { DerivationCost } from './iteration-budget.js';
import { DEFAULT_HASH, HMACS, type HashFunction } from './hashes.js';

/** PBKDF2 or scrypt, as PBES2 and PBMAC1 name them. */
export type KeyDerivation =
  | {
      readonly kind: 'pbkdf2';
      readonly salt: Uint8Array;
      readonly iterations: number;
      readonly hash: HashFunction;
      readonly keyOctets?: number;
    }
  | {
      readonly kind: 'scrypt';
      readonly salt: Uint8Array;
      readonly cost: ScryptCost;
      readonly keyOctets?: number;
    };

/** The numbers of scrypt: cost, block size, parallelisation. @see RFC 7914 §2 */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
/** 128 MiB: scrypt takes 128 · N · r octets. */
const MOST_SCRYPT_BLOCKS = 2 ** 20;
/** About two seconds. */
const MOST_SCRYPT_WORK = 2 ** 22;

/** @throws Pkcs12Fault `PRIVATE_KEY_INVALID`, `KEY_UNSUPPORTED` @see RFC 8018 §A.2, RFC 7914 §7 */
export function readKeyDerivation(algorithm: BerValue | undefined): KeyDerivation {
  const [id, parameters] = readSequence(algorithm);
  const oid = readObjectIdentifier(id);
  if (oid === PBKDF2) return readPbkdf2(readSequence(parameters));
  if (oid === SCRYPT) return readScrypt(readSequence(parameters));
  throw unsupported(`the key derivation ${oid}`);
}

/** What it takes to derive a key of so many octets. One step of scrypt takes about as long as one iteration of PBKDF2. */
export function costOfDerivation(derivation: KeyDerivation, keyOctets: number): DerivationCost {
  if (derivation.kind === 'pbkdf2')
    return { iterations: derivation.iterations, passes: Math.ceil(keyOctets / derivation.hash.digestOctets) };
  const { N, r, p } = derivation.cost;
  return { iterations: N * r, passes: p };
}

function readPbkdf2([salt, iterations, ...optional]: readonly BerValue[]): KeyDerivation {
  const keyLength = optional.find(({ tag }) => tag === TAG.integer);
  const prf = optional.find(({ tag }) => tag === TAG.sequence);
  const oid = prf === undefined ? undefined : readObjectIdentifier(readSequence(prf)[0]);
  const hash = oid === undefined ? DEFAULT_HASH : HMACS[oid];
  if (hash === undefined) throw unsupported(`PBKDF2 with the function ${oid}`);
  return {
    kind: 'pbkdf2',
    salt: readOctetString(salt),
    iterations: atLeastOne(readCount(iterations)),
    hash,
    ...(keyLength !== undefined && { keyOctets: readCount(keyLength) }),
  };
}

function readScrypt([salt, cost, blockSize, parallelisation, keyLength]: readonly BerValue[]): KeyDerivation {
  const [N, r, p] = [
    readCount(cost),
    atLeastOne(readCount(blockSize)),
    atLeastOne(readCount(parallelisation)),
  ];
  if (N < 2 || !Number.isInteger(Math.log2(N))) throw malformed('the cost of scrypt is not a power of two');
  if (N * r > MOST_SCRYPT_BLOCKS || N * r * p > MOST_SCRYPT_WORK) {
    const message = `asks for scrypt with N=${N}, r=${r}, p=${p}. The limits are 128 MiB (N · r up to ${MOST_SCRYPT_BLOCKS}) and N · r · p up to ${MOST_SCRYPT_WORK}: protect it anew with less.`;
    throw new Pkcs12Fault('KEY_UNSUPPORTED', message);
  }
  return {
    kind: 'scrypt',
    salt: readOctetString(salt),
    cost: { N, r, p },
    ...(keyLength !== undefined && { keyOctets: readCount(keyLength) }),
  };
}

function atLeastOne(count: number): number {
  if (count < 1) throw malformed('a count of its key derivation is zero');
  return count;
}
