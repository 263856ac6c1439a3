const DIGEST_WORDS = 5;
/** A digest, a one bit, and the count of bits make one block. @see FIPS 180-4 §5.1.1 */
const END_OF_MESSAGE = 0x80000000;
const BLOCK_WORDS = 16;
const SCHEDULE_WORDS = 80;
/** @see FIPS 180-4 §5.3.1 */
const INITIAL = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);

/**
 * The SHA-1 digest of a SHA-1 digest, many times over: 600,000 calls of `node:crypto` take three to five times as long,
 * most of it on the way there and back.
 *
 * @param digest - 20 octets
 * @param times - how often it is hashed again
 * @see FIPS 180-4 §6.1
 */
export function repeatSha1(digest: Uint8Array, times: number): Uint8Array {
  const view = new DataView(Uint8Array.from(digest).buffer);
  const words = new Int32Array(SCHEDULE_WORDS);
  for (let word = 0; word < DIGEST_WORDS; word += 1) words[word] = view.getInt32(4 * word);
  words[DIGEST_WORDS] = END_OF_MESSAGE;
  words[BLOCK_WORDS - 1] = 32 * DIGEST_WORDS;
  for (let time = 0; time < times; time += 1) compress(words);
  for (let word = 0; word < DIGEST_WORDS; word += 1) view.setInt32(4 * word, words[word] ?? 0);
  return new Uint8Array(view.buffer);
}

/** Puts the digest of the block in the first sixteen words in its first five. */
function compress(words: Int32Array): void {
  for (let t = BLOCK_WORDS; t < SCHEDULE_WORDS; t += 1) {
    const mixed = (words[t - 3] ?? 0) ^ (words[t - 8] ?? 0) ^ (words[t - 14] ?? 0) ^ (words[t - 16] ?? 0);
    words[t] = (mixed << 1) | (mixed >>> 31);
  }
  const state = INITIAL.slice();
  choose(state, words);
  exclude(state, words, 20);
  agree(state, words);
  exclude(state, words, 60);
  for (let word = 0; word < DIGEST_WORDS; word += 1) words[word] = (state[word] ?? 0) + (INITIAL[word] ?? 0);
}

// Twenty rounds each, alike but for the function that mixes b, c and d. Nothing shorter is as fast: the five words
// must be variables of one loop that has no branch.

/** Rounds 0 to 19. */
function choose(state: Int32Array, words: Int32Array): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  for (let t = 0; t < 20; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + (words[t] ?? 0) + 0x5a827999) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
}

/** Rounds 20 to 39 and 60 to 79. */
function exclude(state: Int32Array, words: Int32Array, first: number): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  const constant = first === 20 ? 0x6ed9eba1 : 0xca62c1d6;
  for (let t = first; t < first + 20; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + (words[t] ?? 0) + constant) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
}

/** Rounds 40 to 59. */
function agree(state: Int32Array, words: Int32Array): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  for (let t = 40; t < 60; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + (words[t] ?? 0) + 0x8f1bbcdc) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
}
