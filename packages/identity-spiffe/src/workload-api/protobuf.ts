/** A field with a length: a text, octets, or a message inside. */
export interface LengthDelimitedField {
  readonly number: number;
  /** A view of the message, not a copy. */
  readonly content: Uint8Array;
}

/** The octets are no message of Protocol Buffers. Says where, never what. */
export class ProtobufError extends Error {
  override name: string = 'ProtobufError';
}

const WIRE_TYPE = {
  varint: 0,
  fixed64: 1,
  lengthDelimited: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;
const MAXIMUM_GROUP_DEPTH = 100;
const MAXIMUM_VARINT_OCTETS = 10;

/**
 * The fields with a length, in their order; fields of every other wire type, and groups with what is in them, are checked and
 * passed over.
 *
 * @param limit - how many fields are looked at, those that are passed over included: each takes time, however small it is
 * @throws ProtobufError when the octets are cut off, no message, or more fields than that
 * @see Protocol Buffers, Encoding
 */
export function readFields(message: Uint8Array, limit: number): LengthDelimitedField[] {
  const fields: LengthDelimitedField[] = [];
  const openGroups: number[] = [];
  let offset = 0;
  for (let count = 0; offset < message.length || openGroups.length > 0; count += 1) {
    if (count >= limit) throw new ProtobufError(`more than ${limit} fields`);
    const tag = readTag(message, offset);
    const { contentStart, end } = contentOf(message, tag);
    if (tag.type === WIRE_TYPE.groupStart) openGroups.push(tag.number);
    if (tag.type === WIRE_TYPE.groupEnd && openGroups.pop() !== tag.number) {
      throw new ProtobufError(`a group ends that did not begin, at octet ${offset}`);
    }
    if (openGroups.length > MAXIMUM_GROUP_DEPTH) throw new ProtobufError('groups are nested too deeply');
    if (tag.type === WIRE_TYPE.lengthDelimited && openGroups.length === 0) {
      fields.push({ number: tag.number, content: message.subarray(contentStart, end) });
    }
    offset = end;
  }
  return fields;
}

interface Tag {
  readonly number: number;
  readonly type: number;
  /** Where what follows the tag begins. */
  readonly end: number;
}

function readTag(message: Uint8Array, offset: number): Tag {
  const { value, end } = readVarint(message, offset);
  const number = Math.floor(value / 8);
  // Field numbers have 29 bits.
  if (value > 0xffff_ffff || number === 0)
    throw new ProtobufError(`a field number is wrong at octet ${offset}`);
  return { number, type: value % 8, end };
}

function contentOf(message: Uint8Array, { type, end: start }: Tag): { contentStart: number; end: number } {
  if (type === WIRE_TYPE.varint) return { contentStart: start, end: readVarint(message, start).end };
  if (type === WIRE_TYPE.fixed64) return within(message, start, 8);
  if (type === WIRE_TYPE.fixed32) return within(message, start, 4);
  if (type === WIRE_TYPE.groupStart || type === WIRE_TYPE.groupEnd)
    return { contentStart: start, end: start };
  if (type !== WIRE_TYPE.lengthDelimited)
    throw new ProtobufError(`an unknown wire type before octet ${start}`);
  const length = readVarint(message, start);
  return within(message, length.end, length.value);
}

function within(
  message: Uint8Array,
  contentStart: number,
  length: number,
): { contentStart: number; end: number } {
  if (length > message.length - contentStart) throw new ProtobufError(`cut off after octet ${contentStart}`);
  return { contentStart, end: contentStart + length };
}

/** Values above 2^53 lose their lowest bits; no field that is looked at has them, and as a length they are too large anyway. */
function readVarint(message: Uint8Array, offset: number): { value: number; end: number } {
  let value = 0;
  for (let count = 0; count < MAXIMUM_VARINT_OCTETS; count += 1) {
    const octet = message[offset + count];
    if (octet === undefined) throw new ProtobufError(`cut off after octet ${offset}`);
    value += (octet % 128) * 128 ** count;
    if (octet < 128) return { value, end: offset + count + 1 };
  }
  throw new ProtobufError(`a number without an end at octet ${offset}`);
}
