import { type Code, type Word } from './wasm-word.js';

/** A function that takes a 32-bit number, and words as further local variables. */
export interface WasmFunction {
  readonly word: Word;
  /** Variables beside the parameter, which is variable 0. */
  readonly locals: number;
  readonly body: Code;
}

const HEADER: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, function: 3, memory: 5, export: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const INTEGER_32 = 0x7f;
const EXPORTED = { function: 0, memory: 2 } as const;
const END = 0x0b;

/**
 * A module with this function, exported as `f`, and a page of memory, exported as `m`.
 *
 * @see WebAssembly Core Specification §5.5 (modules)
 */
export function wasmModule({ word, locals, body }: WasmFunction): Uint8Array<ArrayBuffer> {
  const code = octetsOf([list([[leb(locals), word.type]]), body, END]);
  const sections = [
    section(SECTION.type, list([[FUNCTION_TYPE, list([INTEGER_32]), list([])]])),
    section(SECTION.function, list([0])),
    section(SECTION.memory, list([[0, 1]])),
    section(
      SECTION.export,
      list([
        [name('f'), EXPORTED.function, 0],
        [name('m'), EXPORTED.memory, 0],
      ]),
    ),
    section(SECTION.code, [1, leb(code.length)], code),
  ];
  return Buffer.concat([octetsOf(HEADER), ...sections.flat()]);
}

/** What a section holds may have been made into octets already, which is worth it for what is long. */
function section(id: number, content: Code, made: Uint8Array = new Uint8Array()): readonly Uint8Array[] {
  const octets = octetsOf(content);
  return [octetsOf([id, leb(octets.length + made.length)]), octets, made];
}

function list(items: readonly Code[]): Code {
  return [leb(items.length), items];
}

function name(text: string): Code {
  return list([...Buffer.from(text)]);
}

/** Groups of seven bits, the lowest first; bit 7 says that more follow. @see WebAssembly Core Specification §5.2.2 */
function leb(value: number): Code {
  return value < 0x80 ? value : [(value & 0x7f) | 0x80, leb(value >>> 7)];
}

function octetsOf(code: Code): Uint8Array {
  const octets: number[] = [];
  const add = (part: Code): void => {
    if (typeof part === 'number') octets.push(part);
    else for (const inner of part) add(inner);
  };
  add(code);
  return Uint8Array.from(octets);
}
