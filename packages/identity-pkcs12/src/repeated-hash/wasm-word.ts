/** Instructions of WebAssembly, encoded: octets, nested as it comes. */
export type Code = number | readonly Code[];

/** The instructions for words of one size. @see WebAssembly Core Specification §5.4.7 (numeric), §5.4.6 (memory) */
export interface Word {
  readonly octets: 4 | 8;
  /** The value type. */
  readonly type: number;
  readonly load: number;
  readonly store: number;
  readonly constant: number;
  readonly add: number;
  readonly and: number;
  readonly xor: number;
  readonly shiftRight: number;
  readonly rotateLeft: number;
  readonly rotateRight: number;
}

export const WORD_32: Word = {
  octets: 4,
  type: 0x7f,
  load: 0x28,
  store: 0x36,
  constant: 0x41,
  add: 0x6a,
  and: 0x71,
  xor: 0x73,
  shiftRight: 0x76,
  rotateLeft: 0x77,
  rotateRight: 0x78,
};

export const WORD_64: Word = {
  octets: 8,
  type: 0x7e,
  load: 0x29,
  store: 0x37,
  constant: 0x42,
  add: 0x7c,
  and: 0x83,
  xor: 0x85,
  shiftRight: 0x88,
  rotateLeft: 0x89,
  rotateRight: 0x8a,
};

const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;

/** The value of a local variable, which must be one of the first 128. */
export function get(local: number): Code {
  return [LOCAL_GET, local];
}

export function set(local: number, value: Code): Code {
  return [value, LOCAL_SET, local];
}

/** A number of the size of the word, which may be written without its sign. */
export function constant(word: Word, value: bigint): Code {
  return [word.constant, signedLeb(BigInt.asIntN(8 * word.octets, value))];
}

/** Operands and what ties them: `a + b + c` of `+` and these three. */
export function chain(operation: number, [first = [], ...others]: readonly Code[]): Code {
  return [first, others.map((operand) => [operand, operation])];
}

/** Groups of seven bits, the lowest first; bit 7 says that more follow. @see WebAssembly Core Specification §5.2.2 */
function signedLeb(value: bigint): Code {
  const group = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = rest === (group < 0x40 ? 0n : -1n);
  return isLast ? group : [group | 0x80, signedLeb(rest)];
}
