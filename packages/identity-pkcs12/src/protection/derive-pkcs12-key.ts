import { setImmediate as nextTurn } from 'node:timers/promises';
import { malformed } from '../pkcs12-fault.js';
import { digestOf, repeaterOf } from '../repeated-hash/repeat-hash.js';
import type { HashFunction } from './hashes.js';

/** What the octets are for. @see RFC 7292 §B.3 */
export const PURPOSE = { key: 1, initialisationVector: 2, mac: 3 } as const;

/** What is derived, and from what. */
export interface Pkcs12Derivation {
  readonly hash: HashFunction;
  /** One of {@link PURPOSE}. */
  readonly purpose: number;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** How many octets are wanted. */
  readonly octets: number;
}

/** Salts have 8 to 64 octets. */
const LONGEST_SALT = 1024;
/** Less than a millisecond of hashing; then others have their turn of the event loop, also other derivations of the same file. */
const HASHES_IN_A_TURN = 1024;

/**
 * The key derivation of PKCS#12, for which `node:crypto` has no call. Works in turns of a few milliseconds.
 *
 * @param password - BMPString with its terminator, or nothing
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID` for an absurdly long salt
 * @see RFC 7292 §B.2; the numbers in comments are its steps
 */
export async function derivePkcs12Key(
  password: Uint8Array,
  derivation: Pkcs12Derivation,
): Promise<Uint8Array> {
  const { hash, purpose, salt, octets } = derivation;
  if (salt.length > LONGEST_SALT) throw malformed('a salt is absurdly long');
  const size = hash.blockOctets;
  const diversifier = new Uint8Array(size).fill(purpose); // 1
  let input: Uint8Array = Buffer.concat([filled(salt, size), filled(password, size)]); // 2, 3, 4
  const blocks: Uint8Array[] = [];
  for (let got = 0; got < octets; got += hash.digestOctets) {
    const digest = await hashRepeatedly(Buffer.concat([diversifier, input]), derivation); // 6A
    blocks.push(digest);
    input = addToBlocks(input, filled(digest, size).subarray(0, size)); // 6B, 6C
  }
  return Buffer.concat(blocks).subarray(0, octets); // 7, 8
}

async function hashRepeatedly(
  first: Uint8Array,
  { hash, iterations }: Pkcs12Derivation,
): Promise<Uint8Array> {
  const repeat = await repeaterOf(hash.name);
  let digest = digestOf(hash.name, first);
  for (let left = iterations - 1; left > 0; left -= HASHES_IN_A_TURN) {
    digest = repeat(digest, Math.min(left, HASHES_IN_A_TURN));
    await nextTurn();
  }
  return digest;
}

/** Copies of the octets until whole blocks are full; nothing stays nothing. */
function filled(octets: Uint8Array, size: number): Uint8Array {
  const length = Math.ceil(octets.length / size) * size;
  return Uint8Array.from({ length }, (_, at) => octets[at % octets.length] ?? 0);
}

/** Each block of `input` plus `addend` plus one, as big-endian numbers that wrap. */
function addToBlocks(input: Uint8Array, addend: Uint8Array): Uint8Array {
  const sum = Uint8Array.from(input);
  for (let block = 0; block < sum.length; block += addend.length) {
    let carry = 1;
    for (let at = addend.length - 1; at >= 0; at -= 1) {
      carry += (sum[block + at] ?? 0) + (addend[at] ?? 0);
      sum[block + at] = carry;
      carry >>>= 8;
    }
  }
  return sum;
}
