/** One element of a DER encoding. */
export interface DerElement {
  readonly tag: number;
  /** A view of what its length covers. */
  readonly content: Uint8Array;
  /** Where the next element begins. */
  readonly end: number;
}

export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/**
 * The element that begins at an offset; undefined where there is none that is whole.
 *
 * @see X.690 §8.1.3, §10.1 (definite lengths)
 */
export function readElement(octets: Uint8Array, offset: number): DerElement | undefined {
  const tag = octets[offset];
  const first = octets[offset + 1];
  if (tag === undefined || first === undefined || first > 0x84 || first === 0x80) return undefined;
  const start = offset + 2 + (first < 0x80 ? 0 : first - 0x80);
  let length = first < 0x80 ? first : 0;
  for (let place = offset + 2; place < start; place += 1) length = length * 256 + (octets[place] ?? 0);
  const end = start + length;
  return end <= octets.length ? { tag, content: octets.subarray(start, end), end } : undefined;
}

/** The elements that stand one after the other; undefined when the octets are anything else. */
export function readElements(octets: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < octets.length;) {
    const element = readElement(octets, offset);
    if (element === undefined) return undefined;
    elements.push(element);
    offset = element.end;
  }
  return elements;
}
