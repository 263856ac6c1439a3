/** Digits of π in a permutation of all octets. @see RFC 2268 §2 */
const PI_TABLE = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32' +
    'bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a' +
    '961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e' +
    'c5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

const BLOCK_OCTETS = 8;
const SHIFTS = [1, 2, 3, 5] as const;
/** Rounds from the last to the first, each of these followed by a mashing round. */
const MASHED = new Set([5, 11]);

/**
 * RC2 in CBC mode without padding, for old files; OpenSSL 3 has it only in its legacy provider, which Node does not load. The
 * effective length of the key is its length.
 *
 * @param key - 1 to 128 octets
 * @param iv - 8 octets
 * @param ciphertext - whole blocks of 8 octets
 * @see RFC 2268
 */
export function decryptRc2Cbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const words = expandRc2Key(key, key.length * 8);
  const plaintext = new Uint8Array(ciphertext.length);
  let before = iv;
  for (let at = 0; at < ciphertext.length; at += BLOCK_OCTETS) {
    const block = ciphertext.subarray(at, at + BLOCK_OCTETS);
    const opened = decryptRc2Block(words, block);
    for (let octet = 0; octet < BLOCK_OCTETS; octet += 1)
      plaintext[at + octet] = (opened[octet] ?? 0) ^ (before[octet] ?? 0);
    before = block;
  }
  return plaintext;
}

/** 64 words of 16 bits. @see RFC 2268 §2 */
export function expandRc2Key(key: Uint8Array, effectiveBits: number): Uint16Array {
  const octets = new Uint8Array(128);
  octets.set(key);
  const at = (index: number): number => octets[index] ?? 0;
  for (let index = key.length; index < 128; index += 1)
    octets[index] = pi(at(index - 1) + at(index - key.length));
  const effectiveOctets = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * effectiveOctets - effectiveBits);
  octets[128 - effectiveOctets] = pi(at(128 - effectiveOctets) & mask);
  for (let index = 127 - effectiveOctets; index >= 0; index -= 1)
    octets[index] = pi(at(index + 1) ^ at(index + effectiveOctets));
  return Uint16Array.from({ length: 64 }, (_, word) => at(2 * word) | (at(2 * word + 1) << 8));
}

function pi(index: number): number {
  return PI_TABLE[index & 0xff] ?? 0;
}

/** One block of 8 octets. @see RFC 2268 §4 */
export function decryptRc2Block(words: Uint16Array, block: Uint8Array): Uint8Array {
  const r = Uint16Array.from(
    { length: 4 },
    (_, word) => (block[2 * word] ?? 0) | ((block[2 * word + 1] ?? 0) << 8),
  );
  const of = (index: number): number => r[index & 3] ?? 0;
  for (let round = 15; round >= 0; round -= 1) {
    for (let index = 3; index >= 0; index -= 1) {
      const shift = SHIFTS[index & 3] ?? 1;
      const turned = (of(index) >>> shift) | (of(index) << (16 - shift));
      const mixed = (of(index - 1) & of(index - 2)) + (~of(index - 1) & of(index - 3));
      r[index] = turned - (words[4 * round + index] ?? 0) - mixed;
    }
    if (!MASHED.has(round)) continue;
    for (let index = 3; index >= 0; index -= 1) r[index] = of(index) - (words[of(index - 1) & 63] ?? 0);
  }
  return Uint8Array.from({ length: BLOCK_OCTETS }, (_, octet) => of(octet >> 1) >>> (8 * (octet & 1)));
}
