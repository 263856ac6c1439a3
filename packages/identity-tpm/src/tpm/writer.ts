/** One octet. */
export function u8(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff);
}

/** Two octets, most significant first, as everything in a TPM. */
export function u16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 0xff, value & 0xff);
}

/** Four octets. */
export function u32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** A `TPM2B`: two octets of length, then what it holds. @see TPM 2.0 Library Part 2 §10.4 */
export function sized(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([u16(length), ...parts]);
}
