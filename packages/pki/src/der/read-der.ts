/**
 * One value of DER. Its parts are read when they are asked for, so that input which is not what was expected is
 * refused at its first wrong octet. (asn1js, which writes what this package issues, builds every object at once,
 * tens of thousands for 64 KiB of hostile input, and reads BER, which is more than a certificate may be.)
 */
export interface DerNode {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  /** Tag, length and content, exactly as read. */
  readonly der: Uint8Array;
  readonly content: Uint8Array;
}

/** Identifier octets. @see X.690 §8.1.2 */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag numbers from 31 on take more than one octet; no structure of RFC 5280 has one. */
const HIGH_TAG_NUMBER = 0x1f;

/** A revocation list of 1 MiB, the largest input there is, has fewer entries. */
const MOST_SIBLINGS = 65_536;

/**
 * One DER value that fills the input to its last byte. The bytes are copied.
 *
 * @throws Error for anything else: trailing bytes, indefinite or overlong lengths, more bytes than `maximumBytes`
 * @see X.690 §10.1
 */
export function readDer(bytes: Uint8Array, maximumBytes: number): DerNode {
  if (bytes.length > maximumBytes) throw new Error(`more than ${maximumBytes} bytes`);
  const [node, ...rest] = readNodes(Uint8Array.from(bytes));
  if (node === undefined) throw new Error('no bytes');
  if (rest.length > 0) throw new Error('bytes after the end of the value');
  return node;
}

/** The values that follow one another in `bytes`, to the last byte. @throws Error when they do not */
export function readNodes(bytes: Uint8Array): readonly DerNode[] {
  const nodes: DerNode[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const node = readNode(bytes, offset);
    if (nodes.push(node) > MOST_SIBLINGS) throw new Error(`more than ${MOST_SIBLINGS} values in one`);
    offset += node.der.length;
  }
  return nodes;
}

function readNode(bytes: Uint8Array, offset: number): DerNode {
  const tag = bytes[offset] ?? 0;
  if ((tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER) throw new Error('a tag of more than one octet');
  const { contentStart, length } = readLength(bytes, offset + 1);
  const end = contentStart + length;
  if (end > bytes.length) throw new Error('a value is longer than what holds it');
  return { tag, der: bytes.subarray(offset, end), content: bytes.subarray(contentStart, end) };
}

function readLength(
  bytes: Uint8Array,
  offset: number,
): { readonly contentStart: number; readonly length: number } {
  const first = bytes[offset];
  if (first === undefined) throw new Error('the input ends inside a value');
  if (first < 0x80) return { contentStart: offset + 1, length: first };
  const octets = bytes.subarray(offset + 1, offset + 1 + (first & 0x7f));
  if (octets.length === 0 || octets.length > 4 || octets.length < (first & 0x7f))
    throw new Error('a malformed length');
  const length = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (length < 0x80 || octets[0] === 0) throw new Error('a length that is not the shortest');
  return { contentStart: offset + 1 + octets.length, length };
}
