import { malformed } from '../pkcs12-fault.js';
import type { BerValue } from './ber.js';

/** Identifier octets. @see X.690 §8.1.2 */
export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONSTRUCTED = 0x20;
const CONTEXT = 0x80;
/** RSA, AES, 3DES, RC2: no number of a PKCS#12 file needs more than six octets. */
const LONGEST_COUNT = 6;
const LONGEST_OBJECT_IDENTIFIER = 32;

/** The parts of a SEQUENCE. @throws Pkcs12Fault when it is none */
export function readSequence(value: BerValue | undefined): readonly BerValue[] {
  if (value?.tag !== TAG.sequence) throw malformed('a sequence is missing');
  return value.children;
}

/** The one value inside `[number] EXPLICIT`. @throws Pkcs12Fault when it is none */
export function readExplicit(value: BerValue | undefined, number: number): BerValue {
  const [inner] = value?.children ?? [];
  if (value?.tag !== (CONTEXT | CONSTRUCTED | number) || inner === undefined)
    throw malformed('a tagged value is missing');
  return inner;
}

/** Whether a value is there with the tag `[number]`, primitive or constructed. */
export function hasContextTag(value: BerValue | undefined, number: number): value is BerValue {
  return value !== undefined && (value.tag & ~CONSTRUCTED) === (CONTEXT | number);
}

/** An OCTET STRING, also one in pieces. @throws Pkcs12Fault when it is none */
export function readOctetString(value: BerValue | undefined): Uint8Array {
  if (value === undefined || (value.tag & ~CONSTRUCTED) !== TAG.octetString)
    throw malformed('an octet string is missing');
  return joinOctets(value);
}

/** The octets of a string whatever its own tag is, as of `[0] IMPLICIT OCTET STRING`. @throws Pkcs12Fault */
export function joinOctets(value: BerValue): Uint8Array {
  if ((value.tag & CONSTRUCTED) === 0) return value.content;
  return Buffer.concat(value.children.map(readOctetString));
}

/** An INTEGER that counts something. @throws Pkcs12Fault when it is negative, absent or beyond 2^47 */
export function readCount(value: BerValue | undefined): number {
  const octets = value?.tag === TAG.integer ? value.content : undefined;
  const [first] = octets ?? [];
  if (octets === undefined || first === undefined || first > 0x7f)
    throw malformed('a number is missing or negative');
  const digits = octets.subarray(first === 0 ? 1 : 0);
  if (digits.length > LONGEST_COUNT) throw malformed('a number is absurdly large');
  return digits.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** An OBJECT IDENTIFIER in dotted form. @throws Pkcs12Fault @see X.690 §8.19 */
export function readObjectIdentifier(value: BerValue | undefined): string {
  if (value?.tag !== TAG.objectIdentifier || value.content.length > LONGEST_OBJECT_IDENTIFIER)
    throw malformed('an object identifier is missing');
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of value.content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet > 0x7f) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [head = 0n, ...rest] = arcs;
  const first = head < 80n ? head / 40n : 2n;
  return [first, head - first * 40n, ...rest].join('.');
}
