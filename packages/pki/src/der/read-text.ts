import type { DerNode } from './read-der.js';

const SINGLE_OCTET_STRINGS: ReadonlySet<number> = new Set([0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1a, 0x1b]);
const UTF8_STRING = 0x0c;
const UNIVERSAL_STRING = 0x1c;
const BMP_STRING = 0x1e;

/** The text of any of ASN.1's string types; undefined for another value. @throws Error when it is malformed */
export function readText({ tag, content }: DerNode, what: string): string | undefined {
  // T.61 has never been written as such: every library puts ISO 8859-1 into a TeletexString.
  if (SINGLE_OCTET_STRINGS.has(tag)) return Buffer.from(content).toString('latin1');
  if (tag === UTF8_STRING) return decode(content, 'utf-8', what);
  if (tag === BMP_STRING) return decode(content, 'utf-16be', what);
  return tag === UNIVERSAL_STRING ? decodeUtf32(content, what) : undefined;
}

function decode(content: Uint8Array, encoding: 'utf-8' | 'utf-16be', what: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new Error(`${what} is not ${encoding.toUpperCase()}`, { cause });
  }
}

function decodeUtf32(content: Uint8Array, what: string): string {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length % 4 !== 0) throw new Error(`${what} is not UTF-32`);
  const points = Array.from({ length: content.length / 4 }, (_, index) => view.getUint32(index * 4));
  if (points.some((point) => point > 0x10ffff)) throw new Error(`${what} is not UTF-32`);
  return points.map((point) => String.fromCodePoint(point)).join('');
}
