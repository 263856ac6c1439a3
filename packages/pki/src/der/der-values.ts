import { readNodes, TAG, type DerNode } from './read-der.js';

const CONTEXT_SPECIFIC = 0x80;
const CONSTRUCTED = 0x20;

/** Longer than any identifier in use, short enough for big arcs to cost nothing. */
const LONGEST_IDENTIFIER = 128;

/** True when there is a node and its identifier octet is `tag`. */
export function hasTag(node: DerNode | undefined, tag: number): node is DerNode {
  return node?.tag === tag;
}

/** True for a context-specific tag such as `[0]`, primitive or constructed. */
export function hasContextTag(node: DerNode, tagNumber: number): boolean;
export function hasContextTag(node: DerNode | undefined, tagNumber: number): node is DerNode;
export function hasContextTag(node: DerNode | undefined, tagNumber: number): boolean {
  return node !== undefined && (node.tag & ~CONSTRUCTED) === (CONTEXT_SPECIFIC | tagNumber);
}

/** The elements of a SEQUENCE. */
export function readSequence(node: DerNode | undefined, what: string): readonly DerNode[] {
  if (!hasTag(node, TAG.sequence)) throw new Error(`${what} is not a SEQUENCE`);
  return readNodes(node.content);
}

/** The elements of a SET. */
export function readSet(node: DerNode | undefined, what: string): readonly DerNode[] {
  if (!hasTag(node, TAG.set)) throw new Error(`${what} is not a SET`);
  return readNodes(node.content);
}

/** The elements inside a constructed context-specific tag. */
export function readTagged(node: DerNode, what: string): readonly DerNode[] {
  if ((node.tag & CONSTRUCTED) === 0) throw new Error(`${what} is not constructed`);
  return readNodes(node.content);
}

/** The one element inside a constructed context-specific tag. */
export function readExplicit(node: DerNode, what: string): DerNode {
  const [inner, ...rest] = readTagged(node, what);
  if (inner === undefined || rest.length > 0) throw new Error(`${what} is not one value`);
  return inner;
}

/** Dotted text. @see X.690 §8.19 */
export function readObjectIdentifier(node: DerNode | undefined, what: string): string {
  if (!hasTag(node, TAG.objectIdentifier)) throw new Error(`${what} is not an OBJECT IDENTIFIER`);
  const { content } = node;
  const last = content.at(-1);
  if (last === undefined || last >= 0x80 || content.length > LONGEST_IDENTIFIER) {
    throw new Error(`${what} is a malformed OBJECT IDENTIFIER`);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet < 0x80) arcs.push(arc);
    if (octet < 0x80) arc = 0n;
  }
  const [first = 0n, ...others] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...others].join('.');
}

/** An INTEGER of any size. */
export function readInteger(node: DerNode | undefined, what: string): bigint {
  if (!hasTag(node, TAG.integer)) throw new Error(`${what} is not an INTEGER`);
  return signedInteger(node.content, what);
}

/** Two's complement octets, as in the content of an INTEGER; the shortest form only. @see X.690 §8.3 */
export function signedInteger(octets: Uint8Array, what: string): bigint {
  const [first, second = 0] = octets;
  if (first === undefined) throw new Error(`${what} is an empty INTEGER`);
  const isPadded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  if (octets.length > 1 && isPadded) throw new Error(`${what} is a padded INTEGER`);
  // From hex text, because adding octet by octet takes quadratic time.
  const unsigned = BigInt(`0x${Buffer.from(octets).toString('hex')}`);
  return first < 0x80 ? unsigned : unsigned - (1n << BigInt(8 * octets.length));
}

/** An INTEGER that counts something. */
export function readCount(node: DerNode | undefined, what: string): number {
  const value = readInteger(node, what);
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error(`${what} is out of range`);
  return Number(value);
}

export function readEnumerated(node: DerNode | undefined, what: string): number {
  if (!hasTag(node, TAG.enumerated)) throw new Error(`${what} is not an ENUMERATED`);
  return Number(signedInteger(node.content, what));
}

/** DER writes true as 0xFF; other octets are read as true too, as OpenSSL does. */
export function readBoolean(node: DerNode | undefined, what: string): boolean {
  if (!hasTag(node, TAG.boolean) || node.content.length !== 1) throw new Error(`${what} is not a BOOLEAN`);
  return node.content[0] !== 0;
}

export function readOctets(node: DerNode | undefined, what: string): Uint8Array {
  if (!hasTag(node, TAG.octetString)) throw new Error(`${what} is not an OCTET STRING`);
  return node.content;
}

/** The octets of a BIT STRING; bits that do not count are zero in DER. */
export function readBits(node: DerNode | undefined, what: string): Uint8Array {
  if (!hasTag(node, TAG.bitString)) throw new Error(`${what} is not a BIT STRING`);
  const [unusedBits] = node.content;
  const octets = node.content.subarray(1);
  const isMalformed = unusedBits === undefined || unusedBits > 7 || (octets.length === 0 && unusedBits > 0);
  if (isMalformed) throw new Error(`${what} is a malformed BIT STRING`);
  return octets;
}

/**
 * The octets of a BIT STRING that holds whole octets, as keys and signatures do. Without this rule a signature could be
 * written in eight ways, and so a certificate.
 */
export function readBitOctets(node: DerNode | undefined, what: string): Uint8Array {
  const octets = readBits(node, what);
  if (node?.content[0] !== 0) throw new Error(`${what} is a BIT STRING that ends inside an octet`);
  return octets;
}
