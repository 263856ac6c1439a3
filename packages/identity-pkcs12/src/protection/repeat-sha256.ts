const DIGEST_WORDS = 8;
/** A digest, a one bit, and the count of bits make one block. @see FIPS 180-4 §5.1.1 */
const END_OF_MESSAGE = 0x80000000;
const BLOCK_WORDS = 16;
const SCHEDULE_WORDS = 64;

/** @see FIPS 180-4 §4.2.2 and §5.3.3 */
const CONSTANTS = wordsOf(
  '428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5d807aa9812835b01243185be550c7dc3' +
    '72be5d7480deb1fe9bdc06a7c19bf174e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da' +
    '983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca63511429296727b70a852e1b21384d2c6dfc53380d13' +
    '650a7354766a0abb81c2c92e92722c85a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070' +
    '19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3748f82ee78a5636f84c878148cc70208' +
    '90befffaa4506cebbef9a3f7c67178f2',
);
const INITIAL = wordsOf('6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19');

/**
 * The SHA-256 digest of a SHA-256 digest, many times over: 600,000 calls of `node:crypto` take two to three times as long,
 * most of it on the way there and back.
 *
 * @param digest - 32 octets
 * @param times - how often it is hashed again
 * @see FIPS 180-4 §6.2
 */
export function repeatSha256(digest: Uint8Array, times: number): Uint8Array {
  const view = new DataView(Uint8Array.from(digest).buffer);
  const words = new Int32Array(SCHEDULE_WORDS);
  for (let word = 0; word < DIGEST_WORDS; word += 1) words[word] = view.getInt32(4 * word);
  words[DIGEST_WORDS] = END_OF_MESSAGE;
  words[BLOCK_WORDS - 1] = 32 * DIGEST_WORDS;
  for (let time = 0; time < times; time += 1) compress(words);
  for (let word = 0; word < DIGEST_WORDS; word += 1) view.setInt32(4 * word, words[word] ?? 0);
  return new Uint8Array(view.buffer);
}

/** Puts the digest of the block in the first sixteen words in its first eight. */
function compress(w: Int32Array): void {
  for (let t = BLOCK_WORDS; t < SCHEDULE_WORDS; t += 1) {
    const x = w[t - 15] ?? 0;
    const y = w[t - 2] ?? 0;
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = high + (w[t - 7] ?? 0) + low + (w[t - 16] ?? 0);
  }
  let a = INITIAL[0] ?? 0;
  let b = INITIAL[1] ?? 0;
  let c = INITIAL[2] ?? 0;
  let d = INITIAL[3] ?? 0;
  let e = INITIAL[4] ?? 0;
  let f = INITIAL[5] ?? 0;
  let g = INITIAL[6] ?? 0;
  let h = INITIAL[7] ?? 0;
  for (let t = 0; t < SCHEDULE_WORDS; t += 1) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + high + ((e & f) ^ (~e & g)) + (CONSTANTS[t] ?? 0) + (w[t] ?? 0)) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  w[0] = a + (INITIAL[0] ?? 0);
  w[1] = b + (INITIAL[1] ?? 0);
  w[2] = c + (INITIAL[2] ?? 0);
  w[3] = d + (INITIAL[3] ?? 0);
  w[4] = e + (INITIAL[4] ?? 0);
  w[5] = f + (INITIAL[5] ?? 0);
  w[6] = g + (INITIAL[6] ?? 0);
  w[7] = h + (INITIAL[7] ?? 0);
}

function wordsOf(hex: string): Int32Array {
  const octets = Buffer.from(hex, 'hex');
  return Int32Array.from({ length: octets.length / 4 }, (_, word) => octets.readInt32BE(4 * word));
}
