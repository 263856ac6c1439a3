/** Source of randomness: answers that many bytes. */
export type RandomBytes = (bytes: number) => Uint8Array;

/**
 * A version 4 UUID in lower case, the form of all Roles Anywhere ids.
 *
 * @see RFC 9562 section 5.4
 */
export function randomUuid(random: RandomBytes): string {
  const bytes = Buffer.from(random(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Characters of `[A-Z2-7]`, one for each byte given: the alphabet of AWS access key ids and unique ids. */
export function base32Characters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte & 31)).join('');
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
