import { type HashCode, scheduled, stateIn, wordAt } from './hash-code.js';
import { type Code, WORD_32, WORD_64, type Word, chain, constant, get, set } from './wasm-word.js';

const STATE_WORDS = 8;
const BLOCK_WORDS = 16;

/** What SHA-256 and SHA-512 differ in. @see FIPS 180-4 §4.1.2 and §4.1.3 */
interface Family {
  readonly word: Word;
  readonly rounds: number;
  /** Turns of Σ0 and Σ1; of σ0 and σ1, whose last ones are shifts. */
  readonly turns: Readonly<Record<'S0' | 'S1' | 's0' | 's1', readonly bigint[]>>;
}

const FAMILY_32: Family = {
  word: WORD_32,
  rounds: 64,
  turns: { S0: [2n, 13n, 22n], S1: [6n, 11n, 25n], s0: [7n, 18n, 3n], s1: [17n, 19n, 10n] },
};

const FAMILY_64: Family = {
  word: WORD_64,
  rounds: 80,
  turns: { S0: [28n, 34n, 39n], S1: [14n, 18n, 41n], s0: [1n, 8n, 7n], s1: [19n, 61n, 6n] },
};

/** The numbers of SHA-512; those of SHA-256 are the upper halves of the first 64. @see FIPS 180-4 §4.2.2 and §4.2.3 */
const CONSTANTS = wordsOf(
  '428a2f98d728ae22 7137449123ef65cd b5c0fbcfec4d3b2f e9b5dba58189dbbc 3956c25bf348b538 59f111f1b605d019 ' +
    '923f82a4af194f9b ab1c5ed5da6d8118 d807aa98a3030242 12835b0145706fbe 243185be4ee4b28c 550c7dc3d5ffb4e2 ' +
    '72be5d74f27b896f 80deb1fe3b1696b1 9bdc06a725c71235 c19bf174cf692694 e49b69c19ef14ad2 efbe4786384f25e3 ' +
    '0fc19dc68b8cd5b5 240ca1cc77ac9c65 2de92c6f592b0275 4a7484aa6ea6e483 5cb0a9dcbd41fbd4 76f988da831153b5 ' +
    '983e5152ee66dfab a831c66d2db43210 b00327c898fb213f bf597fc7beef0ee4 c6e00bf33da88fc2 d5a79147930aa725 ' +
    '06ca6351e003826f 142929670a0e6e70 27b70a8546d22ffc 2e1b21385c26c926 4d2c6dfc5ac42aed 53380d139d95b3df ' +
    '650a73548baf63de 766a0abb3c77b2a8 81c2c92e47edaee6 92722c851482353b a2bfe8a14cf10364 a81a664bbc423001 ' +
    'c24b8b70d0f89791 c76c51a30654be30 d192e819d6ef5218 d69906245565a910 f40e35855771202a 106aa07032bbd1b8 ' +
    '19a4c116b8d2d0c8 1e376c085141ab53 2748774cdf8eeb99 34b0bcb5e19b48a8 391c0cb3c5c95a63 4ed8aa4ae3418acb ' +
    '5b9cca4f7763e373 682e6ff3d6b2b8a3 748f82ee5defb2fc 78a5636f43172f60 84c87814a1f0ab72 8cc702081a6439ec ' +
    '90befffa23631e28 a4506cebde82bde9 bef9a3f7b2c67915 c67178f2e372532b ca273eceea26619c d186b8c721c0c207 ' +
    'eada7dd6cde0eb1e f57d4f7fee6ed178 06f067aa72176fba 0a637dc5a2c898a6 113f9804bef90dae 1b710b35131c471b ' +
    '28db77f523047d84 32caab7b40c72493 3c9ebe0a15c9bebc 431d67c49c100d4c 4cc5d4becb3e42b6 597f299cfc657e2a ' +
    '5fcb6fab3ad6faec 6c44198c4a475817',
);

/** What the state begins with; SHA-256 has the upper halves of that of SHA-512, SHA-224 the lower ones of SHA-384. @see FIPS 180-4 §5.3 */
const INITIAL = {
  sha512: wordsOf(
    '6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b a54ff53a5f1d36f1 ' +
      '510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b 5be0cd19137e2179',
  ),
  sha384: wordsOf(
    'cbbb9d5dc1059ed8 629a292a367cd507 9159015a3070dd17 152fecd8f70e5939 ' +
      '67332667ffc00b31 8eb44a8768581511 db0c2e0d64f98fa7 47b5481dbefa4fa4',
  ),
  'sha512-256': wordsOf(
    '22312194fc2bf72c 9f555fa3c84c64c2 2393b86b6f53b151 963877195940eabd ' +
      '96283ee2a88effe3 be5e1e2553863992 2b0199fc2c85b8aa 0eb72ddc81c52ca2',
  ),
} as const;

/** The members of the family whose digest is made of whole words, as `node:crypto` names them. */
export type Sha2 = 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha512-256';

/** SHA-2. @see FIPS 180-4 §6.2.2 and §6.4.2 */
export function sha2Code(name: Sha2): HashCode {
  if (name === 'sha224') return codeOf(FAMILY_32, { digestWords: 7, initial: INITIAL.sha384.map(lowerHalf) });
  if (name === 'sha256') return codeOf(FAMILY_32, { digestWords: 8, initial: INITIAL.sha512.map(upperHalf) });
  const digestWords = { sha384: 6, sha512: 8, 'sha512-256': 4 }[name];
  return codeOf(FAMILY_64, { digestWords, initial: INITIAL[name] });
}

function codeOf(family: Family, shape: Pick<HashCode, 'digestWords' | 'initial'>): HashCode {
  const numbers = CONSTANTS.slice(0, family.rounds).map(
    family === FAMILY_32 ? upperHalf : (number) => number,
  );
  const rounds = numbers.map((number, t) => [schedule(family, t), round(family, t, number)]);
  return { word: family.word, ...shape, rounds };
}

function schedule({ word, turns }: Family, t: number): Code {
  if (t < BLOCK_WORDS) return [];
  const low = mixed(word, wordAt(t - 15), { turns: turns.s0, last: word.shiftRight });
  const high = mixed(word, wordAt(t - 2), { turns: turns.s1, last: word.shiftRight });
  return set(scheduled(t), chain(word.add, [wordAt(t - 16), low, wordAt(t - 7), high]));
}

function round({ word, turns }: Family, t: number, number: bigint): Code {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = stateIn(t, STATE_WORDS);
  const { add, and, xor, rotateRight } = word;
  const choice = chain(xor, [get(g), chain(and, [get(e), chain(xor, [get(f), get(g)])])]);
  const both = chain(and, [get(a), get(b)]);
  const majority = chain(xor, [both, chain(and, [get(c), chain(xor, [get(a), get(b)])])]);
  const high = mixed(word, get(e), { turns: turns.S1, last: rotateRight });
  const low = mixed(word, get(a), { turns: turns.S0, last: rotateRight });
  return [
    set(h, chain(add, [get(h), high, choice, constant(word, number), wordAt(t)])),
    set(d, chain(add, [get(d), get(h)])),
    set(h, chain(add, [get(h), low, majority])),
  ];
}

interface Mixing {
  readonly turns: readonly bigint[];
  /** What the last of them is: a turn, too, or a shift. */
  readonly last: number;
}

/** The exclusive or of a word turned to the right by three distances. */
function mixed(word: Word, value: Code, { turns, last }: Mixing): Code {
  const turned = turns.map((bits, at) =>
    chain(at === turns.length - 1 ? last : word.rotateRight, [value, constant(word, bits)]),
  );
  return chain(word.xor, turned);
}

function wordsOf(hex: string): readonly bigint[] {
  return hex.split(' ').map((word) => BigInt(`0x${word}`));
}

function upperHalf(word: bigint): bigint {
  return word >> 32n;
}

function lowerHalf(word: bigint): bigint {
  return word & 0xffffffffn;
}
