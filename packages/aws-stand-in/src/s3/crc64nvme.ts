/**
 * CRC-64/NVME, reflected, as eight bytes, most significant first. Kept in two halves of 32 bits: with BigInt it would
 * be many times slower.
 *
 * @see NVM Express NVM Command Set Specification, section 5.2.1.3.4, "64b CRC Definition"
 */
export function crc64nvme(bytes: Uint8Array): Uint8Array {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[index] ?? 0);
    high = (high >>> 8) ^ (HIGH[index] ?? 0);
  }
  const out = Buffer.alloc(8);
  out.writeUInt32BE(~high >>> 0, 0);
  out.writeUInt32BE(~low >>> 0, 4);
  return out;
}

/** Reflected form of the polynomial 0xAD93D23594C93659. */
const POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
  return value;
});
const HIGH = Uint32Array.from(TABLE, (value) => Number(value >> 32n));
const LOW = Uint32Array.from(TABLE, (value) => Number(value & 0xffffffffn));
