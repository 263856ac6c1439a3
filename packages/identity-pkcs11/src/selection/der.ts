/** One element of a DER encoding. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/**
 * The elements that stand one after the other in some bytes.
 *
 * @throws RangeError when one is cut off, or its length is not definite
 * @see X.690 §8.1
 */
export function readElements(bytes: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const { start, end } = boundsOf(bytes, at);
    elements.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
}

/** Dotted decimals (X.690 §8.19). */
export function objectIdentifierOf(content: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = arc * 128n + BigInt(octet & 0x7f);
    if ((octet & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const first = arc < 80n ? arc / 40n : 2n;
      arcs.push(first, arc - first * 40n);
    } else arcs.push(arc);
    arc = 0n;
  }
  return arcs.join('.');
}

function boundsOf(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = bytes[at + 1] ?? 0x80;
  const octets = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || octets > 4) throw new RangeError('a length that is not definite');
  const start = at + 2 + octets;
  const digits = bytes.subarray(at + 2, start);
  const length = octets === 0 ? first : digits.reduce((value, octet) => value * 256 + octet, 0);
  if (start + length > bytes.length) throw new RangeError('an element that is cut off');
  return { start, end: start + length };
}
