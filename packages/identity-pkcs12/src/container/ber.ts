import { fromBER } from 'asn1js';
import { malformed } from '../pkcs12-fault.js';

/** One value of BER, with its parts. */
export interface BerValue {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  /** What a primitive value holds; of a constructed one everything after its first length octets. */
  readonly content: Uint8Array;
  /** The whole value exactly as read. */
  readonly ber: Uint8Array;
  /** The parts of a constructed value; else empty. */
  readonly children: readonly BerValue[];
}

/** What is read of the objects of asn1js. */
interface Asn1Block {
  readonly idBlock: { readonly isConstructed: boolean; readonly blockLength: number };
  readonly lenBlock: { readonly blockLength: number };
  readonly valueBlock: object;
  readonly valueBeforeDecodeView: Uint8Array;
  readonly blockLength: number;
}

/**
 * Reads one BER value that fills the input to its last byte: lengths may be indefinite, octet strings in pieces. It must have been
 * walked over before.
 *
 * @throws Pkcs12Fault `PRIVATE_KEY_INVALID`
 * @see X.690 §8.1; RFC 7292 §4 allows BER
 */
export function readBer(bytes: Uint8Array): BerValue {
  const { offset, result } = readBlocks(bytes);
  if (offset !== bytes.length) throw malformed('its ASN.1 structure is broken');
  return valueOf(result);
}

function readBlocks(bytes: Uint8Array): { readonly offset: number; readonly result: Asn1Block } {
  try {
    // What is inside an octet string is read when it is known what it is.
    return fromBER(bytes, { parseEmbedded: false });
  } catch {
    // Its own errors quote what they met.
    throw malformed('its ASN.1 structure is broken');
  }
}

function valueOf(block: Asn1Block): BerValue {
  const ber = block.valueBeforeDecodeView.subarray(0, block.blockLength);
  const { idBlock, lenBlock, valueBlock } = block;
  const parts: unknown = idBlock.isConstructed && 'value' in valueBlock ? valueBlock.value : [];
  return {
    tag: ber[0] ?? 0,
    content: ber.subarray(idBlock.blockLength + lenBlock.blockLength),
    ber,
    children: Array.isArray(parts) ? parts.filter(isBlock).map(valueOf) : [],
  };
}

function isBlock(part: unknown): part is Asn1Block {
  return typeof part === 'object' && part !== null && 'valueBeforeDecodeView' in part;
}
