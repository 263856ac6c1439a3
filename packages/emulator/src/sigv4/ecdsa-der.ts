/**
 * Whether bytes are one DER `SEQUENCE { INTEGER r, INTEGER s }` and nothing else: definite shortest lengths, positive
 * numbers in the fewest octets, no number longer than the curve's field, nothing after the end.
 * OpenSSL accepts some of what this refuses.
 *
 * @param coordinateBytes 32 for P-256, 48 for P-384, 66 for P-521
 * @see RFC 3279 section 2.2.3; ITU-T X.690 sections 8.3 and 10.1
 */
export function isEcdsaDer(bytes: Uint8Array, coordinateBytes: number): boolean {
  const content = readElement(bytes, 0x30);
  if (!content || content.rest.length > 0) return false;
  const r = readElement(content.value, 0x02);
  const s = r && readElement(r.rest, 0x02);
  if (!r || !s || s.rest.length > 0) return false;
  return [r.value, s.value].every((number) => isPositive(number, coordinateBytes));
}

function readElement(bytes: Uint8Array, tag: number): { value: Uint8Array; rest: Uint8Array } | undefined {
  const [first, second, third] = bytes;
  if (first !== tag || second === undefined) return undefined;
  // One octet of length up to 127, two (0x81, n) up to 255: the largest signature here is 139 octets.
  const long = second === 0x81;
  if (long ? third === undefined || third < 0x80 : second > 0x7f) return undefined;
  const start = long ? 3 : 2;
  const end = start + (long ? (third ?? 0) : second);
  if (end > bytes.length) return undefined;
  return { value: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

function isPositive(number: Uint8Array, coordinateBytes: number): boolean {
  const [first, second] = number;
  if (first === undefined || first > 0x7f) return false;
  if (first !== 0) return number.length <= coordinateBytes;
  return second !== undefined && second > 0x7f && number.length <= coordinateBytes + 1;
}
