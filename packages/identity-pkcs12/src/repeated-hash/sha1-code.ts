import { type HashCode, scheduled, stateIn, wordAt } from './hash-code.js';
import { type Code, WORD_32, chain, constant, get, set } from './wasm-word.js';

const ROUNDS = 80;
const STATE_WORDS = 5;
const BLOCK_WORDS = 16;
const { add, and, xor, rotateLeft } = WORD_32;

/** @see FIPS 180-4 §5.3.1 */
const INITIAL = [0x67452301n, 0xefcdab89n, 0x98badcfen, 0x10325476n, 0xc3d2e1f0n];
/** @see FIPS 180-4 §4.1.1 and §4.2.1 */
const PHASES = [
  { mixed: choice, number: 0x5a827999n },
  { mixed: parity, number: 0x6ed9eba1n },
  { mixed: majority, number: 0x8f1bbcdcn },
  { mixed: parity, number: 0xca62c1d6n },
];

/** SHA-1. @see FIPS 180-4 §6.1.2 */
export function sha1Code(): HashCode {
  const rounds = Array.from({ length: ROUNDS }, (_, t) => [schedule(t), round(t)]);
  return { word: WORD_32, digestWords: STATE_WORDS, initial: INITIAL, rounds };
}

function schedule(t: number): Code {
  if (t < BLOCK_WORDS) return [];
  const words = [t - 3, t - 8, t - 14, t - 16].map(wordAt);
  return set(scheduled(t), turned(chain(xor, words), 1n));
}

function round(t: number): Code {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = stateIn(t, STATE_WORDS);
  const phase = PHASES[Math.floor(t / 20)];
  if (phase === undefined) return [];
  const mixed = phase.mixed(get(b), get(c), get(d));
  const number = constant(WORD_32, phase.number);
  const next = chain(add, [get(e), turned(get(a), 5n), mixed, number, wordAt(t)]);
  return [set(e, next), set(b, turned(get(b), 30n))];
}

function turned(value: Code, bits: bigint): Code {
  return chain(rotateLeft, [value, constant(WORD_32, bits)]);
}

function choice(b: Code, c: Code, d: Code): Code {
  return chain(xor, [d, chain(and, [b, chain(xor, [c, d])])]);
}

function parity(b: Code, c: Code, d: Code): Code {
  return chain(xor, [b, c, d]);
}

function majority(b: Code, c: Code, d: Code): Code {
  return chain(xor, [chain(and, [b, c]), chain(and, [d, chain(xor, [b, c])])]);
}
