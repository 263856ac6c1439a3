/** Reads a response from its beginning to its end. */
export interface TpmReader {
  u8(): number;
  u16(): number;
  u32(): number;
  /** The next octets. */
  bytes(count: number): Uint8Array;
  /** What a `TPM2B` holds. */
  sized(): Uint8Array;
  /** Everything that is left. */
  rest(): Uint8Array;
  /** Checks that nothing is left. */
  end(): void;
}

/**
 * A reader over bytes; what it gives is a view of them.
 *
 * @throws RangeError from every method, when there are fewer octets than it takes, and from `end` when there are more
 */
export function createReader(bytes: Uint8Array): TpmReader {
  let at = 0;

  function take(count: number): Uint8Array {
    if (at + count > bytes.length) throw new RangeError(`cut off after ${bytes.length} octets`);
    at += count;
    return bytes.subarray(at - count, at);
  }

  function number(octets: number): number {
    return take(octets).reduce((value, octet) => value * 256 + octet, 0);
  }

  return {
    u8: () => number(1),
    u16: () => number(2),
    u32: () => number(4),
    bytes: take,
    sized: () => take(number(2)),
    rest: () => take(bytes.length - at),
    end() {
      if (at !== bytes.length) throw new RangeError(`${bytes.length - at} octets too many`);
    },
  };
}
