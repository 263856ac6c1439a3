const SEQUENCE = 0x30;
/** Longer than any chain that the service takes, and short enough to be judged at once. */
const MAXIMUM_CERTIFICATES = 32;

/**
 * Cuts DER certificates apart that stand one after the other.
 *
 * @returns the certificates in their order, as copies; none when these are anything else than intact DER, or more than 32
 * @see X.690 §8.1.3, §10.1 (definite lengths, in the shortest form)
 */
export function splitCertificates(octets: Uint8Array): readonly Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let offset = 0; offset < octets.length;) {
    const end = elementEnd(octets, offset);
    if (end === undefined || certificates.length === MAXIMUM_CERTIFICATES) return [];
    // A copy: a view would keep the whole message in memory, with the private keys in it.
    certificates.push(new Uint8Array(octets.subarray(offset, end)));
    offset = end;
  }
  return certificates;
}

function elementEnd(octets: Uint8Array, offset: number): number | undefined {
  const first = octets[offset + 1];
  if (octets[offset] !== SEQUENCE || first === undefined || first > 0x84 || first === 0x80) return undefined;
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  const start = offset + 2 + lengthOctets;
  const length =
    lengthOctets === 0
      ? first
      : octets.subarray(offset + 2, start).reduce((sum, octet) => sum * 256 + octet, 0);
  return start + length <= octets.length ? start + length : undefined;
}
