import { malformed } from '../pkcs12-fault.js';

/**
 * As many values as the largest honest file has in all: 1 MiB in pieces of 1,000 octets, as Windows writes them, or Java's store
 * of all root certificates. Nothing is counted inside octet strings until they are read.
 */
const MOST_VALUES = 3000;
/** PFX, content, octet string, pieces: a PKCS#12 file has eight levels at most. */
const MOST_LEVELS = 24;
/** For everything that is not an octet string: numbers of a key, names of bags. */
const LONGEST_VALUE = 16 * 1024;

const CONSTRUCTED = 0x20;
const CONTEXT = 0x80;
const OCTET_STRING = 0x04;
/** Boolean to object identifier, UTF8String, SEQUENCE, SET, PrintableString, BMPString. */
const UNIVERSAL_NUMBERS = new Set([1, 2, 3, 4, 5, 6, 12, 16, 17, 19, 30]);
const LONG_FORM = 0x80;
const END_OF_CONTENTS = 0x00;

/** Walks over BER. */
export type BerCheck = (bytes: Uint8Array) => readonly Uint8Array[];

/**
 * A function that walks over the headers of BER and refuses what a PKCS#12 file cannot be, so that the parser, which takes some
 * hundredths of a millisecond for every value, never meets more than it can take; counted are the values of all calls. It gives
 * the parts of the outermost value, so that a long one can be parsed in pieces.
 *
 * @throws Pkcs12Fault from the function, `PRIVATE_KEY_INVALID`
 * @see X.690 §8.1
 */
export function createBerCheck(): BerCheck {
  let all = 0;
  return (bytes) => {
    const { values, parts } = walkBer(bytes, MOST_VALUES - all);
    all += values;
    return parts;
  };
}

interface BerWalk {
  readonly values: number;
  /** Of the outermost value. */
  readonly parts: readonly Uint8Array[];
}

function walkBer(bytes: Uint8Array, mostValues: number): BerWalk {
  const starts: number[] = [];
  let contentsEnd = bytes.length;
  let values = 0;
  /** Where the values that are open end; undefined for an indefinite length. */
  const open: (number | undefined)[] = [];
  let at = 0;
  for (;;) {
    while (open.length > 0 && open.at(-1) === at) open.pop();
    if (open.length === 0 && values > 0) break;
    if (
      open.length > 0 &&
      open.at(-1) === undefined &&
      bytes[at] === END_OF_CONTENTS &&
      bytes[at + 1] === 0
    ) {
      if (open.length === 1) contentsEnd = at;
      open.pop();
      at += 2;
      continue;
    }
    values += 1;
    if (open.length === 1) starts.push(at);
    const { tag, contentStart, end } = readHeader(bytes, at);
    const limit = open.findLast((other) => other !== undefined) ?? bytes.length;
    if ((end ?? contentStart) > limit) throw malformed('a value is longer than what holds it');
    if ((tag & CONSTRUCTED) > 0) open.push(end);
    if (values > mostValues || open.length > MOST_LEVELS)
      throw malformed('it has too many parts, or too deep ones');
    at = (tag & CONSTRUCTED) > 0 ? contentStart : (end ?? contentStart);
  }
  if (at !== bytes.length) throw malformed(`${bytes.length - at} bytes follow after its end`);
  return {
    values,
    parts: starts.map((start, part) => bytes.subarray(start, starts[part + 1] ?? contentsEnd)),
  };
}

interface Header {
  readonly tag: number;
  readonly contentStart: number;
  /** Undefined when the length is indefinite. */
  readonly end: number | undefined;
}

function readHeader(bytes: Uint8Array, at: number): Header {
  const [tag, first] = bytes.subarray(at, at + 2);
  if (tag === undefined || first === undefined) throw malformed('it ends inside a value');
  const isKnown = tag >= CONTEXT ? (tag & 0x1f) < 0x1f : UNIVERSAL_NUMBERS.has(tag & ~CONSTRUCTED);
  if (!isKnown) throw malformed('it holds a value of a type that no PKCS#12 file has');
  if (first === LONG_FORM && (tag & CONSTRUCTED) > 0) return { tag, contentStart: at + 2, end: undefined };
  const octets = first < LONG_FORM ? [first] : [...bytes.subarray(at + 2, at + 2 + (first & 0x7f))];
  const length = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const contentStart = at + 2 + (first < LONG_FORM ? 0 : first & 0x7f);
  const isText = tag < CONTEXT && (tag & CONSTRUCTED) === 0 && tag !== OCTET_STRING;
  if (first === LONG_FORM || contentStart + length > bytes.length || (isText && length > LONGEST_VALUE))
    throw malformed('a value has a length that it cannot have');
  return { tag, contentStart, end: contentStart + length };
}
