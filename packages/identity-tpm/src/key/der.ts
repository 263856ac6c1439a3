/** One element of a DER encoding. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Tags of a key file (X.690 §8.1.2); the context-specific ones are explicit. */
export const DER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  context: 0xa0,
} as const;

/** A key has nine at most. */
const MOST_ELEMENTS = 64;

/**
 * Every element in a row of them, 64 at most.
 *
 * @throws RangeError when there are more, one is cut off, has an indefinite length, or a tag of more than one octet
 */
export function readDerElements(bytes: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const { element, end } = readElement(bytes, at);
    elements.push(element);
    if (elements.length > MOST_ELEMENTS) throw new RangeError('far too many elements');
    at = end;
  }
  return elements;
}

/** The elements of bytes that hold exactly one SEQUENCE. @throws RangeError as {@link readDerElements} */
export function readDerSequence(bytes: Uint8Array): DerElement[] {
  const { element, end } = readElement(bytes, 0);
  if (element.tag !== DER_TAG.sequence || end !== bytes.length)
    throw new RangeError('not exactly one SEQUENCE');
  return readDerElements(element.content);
}

/** The one element inside of an explicit tag, or another one that holds exactly one. @throws RangeError */
export function readDerInside({ content }: DerElement): DerElement {
  const { element, end } = readElement(content, 0);
  if (end !== content.length) throw new RangeError('more than one element');
  return element;
}

/** An OBJECT IDENTIFIER in dotted decimals (X.690 §8.19). */
export function readObjectIdentifier(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content.subarray(0, 64)) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet & 0x80) continue;
    const first = Math.min(2, Math.floor(arc / 40));
    if (arcs.length === 0) arcs.push(first, arc - first * 40);
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

function readElement(
  bytes: Uint8Array,
  start: number,
): { readonly element: DerElement; readonly end: number } {
  const [tag, first] = bytes.subarray(start, start + 2);
  if (tag === undefined || first === undefined) throw new RangeError('cut off');
  if ((tag & 0x1f) === 0x1f) throw new RangeError('a tag that key files do not have');
  const octets = first & 0x80 ? first & 0x7f : 0;
  if (first === 0x80 || octets > 4) throw new RangeError('an indefinite or far too large length');
  const contentStart = start + 2 + octets;
  const lengthOctets = bytes.subarray(start + 2, contentStart);
  const length = octets === 0 ? first : lengthOctets.reduce((value, octet) => value * 256 + octet, 0);
  const end = contentStart + length;
  if (end > bytes.length) throw new RangeError('cut off');
  return { element: { tag, content: bytes.subarray(contentStart, end) }, end };
}
