import { type Code, type Word, chain, constant, get, set } from './wasm-word.js';
import type { WasmFunction } from './wasm-module.js';

/** What a hash function of the SHA family is made of. */
export interface HashCode {
  readonly word: Word;
  readonly digestWords: number;
  /** What the state begins with. */
  readonly initial: readonly bigint[];
  /** All rounds of the compression function; they leave the state where it was. */
  readonly rounds: Code;
}

const BLOCK_WORDS = 16;
/** The parameter. */
const TIMES = 0;
const FIRST_OF_BLOCK = 1;
const FIRST_OF_STATE = FIRST_OF_BLOCK + BLOCK_WORDS;
const LOOP: Code = [0x03, 0x40];
const BRANCH_IF: Code = [0x0d, 0x00];
const END = 0x0b;
const LOCAL_TEE = 0x22;
const MINUS_ONE: Code = [0x41, 0x7f];
const ADD_32 = 0x6a;
const ADDRESS: Code = [0x41, 0x00];

/** The variable of word `t` of the message schedule, of which only the last sixteen are kept. */
export function scheduled(t: number): number {
  return FIRST_OF_BLOCK + (t % BLOCK_WORDS);
}

/** The value of that variable. */
export function wordAt(t: number): Code {
  return get(scheduled(t));
}

/** The variables of the state in round `t`, in their order: instead of moving all words on, each round renames them. */
export function stateIn(t: number, words: number): readonly number[] {
  return Array.from({ length: words }, (_, place) => FIRST_OF_STATE + ((place + (words - 1) * t) % words));
}

/** A function that hashes the digest at the beginning of its memory, so many times. Words are little-endian there. */
export function repeatedly({ word, digestWords, initial, rounds }: HashCode): WasmFunction {
  const digest = Array.from({ length: digestWords }, (_, place) => place);
  const body = [
    padding(word, digestWords),
    initial.map((value, place) => set(FIRST_OF_STATE + place, constant(word, value))),
    rounds,
    digest.map((place) => {
      const value = constant(word, initial[place] ?? 0n);
      return set(FIRST_OF_BLOCK + place, chain(word.add, [get(FIRST_OF_STATE + place), value]));
    }),
    [get(TIMES), MINUS_ONE, ADD_32, LOCAL_TEE, TIMES, BRANCH_IF],
  ];
  const memory = (place: number): Code => [Math.log2(word.octets), word.octets * place];
  return {
    word,
    locals: BLOCK_WORDS + initial.length,
    body: [
      digest.map((place) => set(FIRST_OF_BLOCK + place, [ADDRESS, word.load, memory(place)])),
      [LOOP, body, END],
      digest.map((place) => [ADDRESS, get(FIRST_OF_BLOCK + place), word.store, memory(place)]),
    ],
  };
}

/** A one bit and the count of bits make a block of the digest. @see FIPS 180-4 §5.1 */
function padding(word: Word, digestWords: number): Code {
  const bits = 8 * word.octets;
  return Array.from({ length: BLOCK_WORDS - digestWords }, (_, at) => {
    const isLast = at === BLOCK_WORDS - digestWords - 1;
    const value = at === 0 ? 1n << BigInt(bits - 1) : isLast ? BigInt(bits * digestWords) : 0n;
    return set(FIRST_OF_BLOCK + digestWords + at, constant(word, value));
  });
}
