import { randomBytes } from 'node:crypto';
import { Integer } from 'asn1js';
import { PkiError } from '../errors.js';

const RANDOM_OCTETS = 16;

/** One more than RFC 5280 §4.1.2.2 allows, so that the rule can be tested. */
const MOST_OCTETS = 21;

/** @throws PkiError `INVALID_OPTION` for a negative number or one of more than 21 octets */
export function encodeSerialNumber(serialNumber: bigint): Integer {
  const hex = serialNumber < 0n ? '' : serialNumber.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  if (octets.length === 0 || octets.length > MOST_OCTETS) {
    throw new PkiError(
      'INVALID_OPTION',
      `A serial number has one to ${MOST_OCTETS} octets and is not negative.`,
    );
  }
  // Without a zero octet in front a set high bit would mean a negative number.
  return new Integer({ valueHex: (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets });
}

/** 16 random octets: positive, never zero. */
export function randomSerialNumber(): bigint {
  const octets = randomBytes(RANDOM_OCTETS);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return BigInt(`0x${octets.toString('hex')}`);
}
