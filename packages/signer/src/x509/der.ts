/** One element of a DER encoding. `bytes` is the whole element, `content` what its length covers. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Tags used here (X.690 §8.1.2; universal class, sequences constructed). */
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/**
 * Reads bytes that hold exactly one DER element.
 *
 * @throws RangeError when the encoding is not definite-length DER, is cut off, or something follows it
 */
export function readDer(bytes: Uint8Array): DerElement {
  const element = readElement(bytes, 0);
  if (element.bytes.length !== bytes.length) throw new RangeError('bytes follow the DER element');
  return element;
}

/**
 * The elements that a constructed element holds.
 *
 * @throws RangeError as {@link readDer}
 */
export function readDerChildren(element: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let at = 0; at < element.content.length;) {
    const child = readElement(element.content, at);
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}

/** The children of bytes that hold exactly one SEQUENCE. @throws RangeError as {@link readDer} */
export function readDerSequence(bytes: Uint8Array): DerElement[] {
  const element = readDer(bytes);
  if (element.tag !== TAG.sequence) throw new RangeError('not a DER SEQUENCE');
  return readDerChildren(element);
}

/** The value of an INTEGER, two's complement (X.690 §8.3). */
export function readDerInteger(content: Uint8Array): bigint {
  // Not octet by octet, which takes minutes for a megabyte.
  const digits = Array.from(content, (octet) => octet.toString(16).padStart(2, '0')).join('');
  const value = BigInt(`0x${digits || '0'}`);
  const negative = ((content[0] ?? 0) & 0x80) !== 0;
  return negative ? value - (1n << BigInt(content.length * 8)) : value;
}

/** Many times what any has. */
const MAXIMUM_OID_OCTETS = 256;

/** An OBJECT IDENTIFIER in dotted decimals (X.690 §8.19). @throws RangeError when it has more than 256 octets */
export function readObjectIdentifier(content: Uint8Array): string {
  if (content.length > MAXIMUM_OID_OCTETS) throw new RangeError('an object identifier that is too long');
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet & 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - first * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** Writes one DER element around the given content. */
export function writeDer(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const header = [tag, ...lengthOctets(length)];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const part of content) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}

function readElement(bytes: Uint8Array, start: number): DerElement {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw new RangeError('the DER encoding is cut off');
  if ((tag & 0x1f) === 0x1f) throw new RangeError('DER tags above 30 are not used in X.509');
  let length = first;
  let contentStart = start + 2;
  if (first & 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4) throw new RangeError('the DER length is indefinite or too long');
    length = 0;
    for (let i = 0; i < octets; i += 1) length = length * 256 + (bytes[contentStart + i] ?? 0);
    contentStart += octets;
  }
  const end = contentStart + length;
  if (end > bytes.length) throw new RangeError('the DER encoding is cut off');
  return { tag, content: bytes.subarray(contentStart, end), bytes: bytes.subarray(start, end) };
}
