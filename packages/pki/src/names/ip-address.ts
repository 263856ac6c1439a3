import { isIPv4, isIPv6 } from 'node:net';

/** 4 or 16 octets as text. */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => groupText(octets, index));
  const [longest] = [...groups.join(':').matchAll(/(?<![^:])0(?::0)+(?![^:])/g)].toSorted(
    (a, b) => b[0].length - a[0].length,
  );
  if (longest === undefined) return groups.join(':');
  const text = groups.join(':');
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}

/** 8 or 32 octets, as in a name constraint: `address/mask`. */
export function addressAndMaskText(octets: Uint8Array): string {
  const half = octets.length / 2;
  return `${addressText(octets.subarray(0, half))}/${addressText(octets.subarray(half))}`;
}

/** The octets of an address or of `address/mask`, `address/bits`; undefined for any other text. */
export function addressOctets(text: string): Uint8Array | undefined {
  const [address = '', mask, ...rest] = text.split('/');
  const octets = plainAddressOctets(address);
  if (octets === undefined || rest.length > 0) return undefined;
  if (mask === undefined) return octets;
  const maskOctets = /^\d{1,3}$/.test(mask)
    ? maskOfBits(Number(mask), octets.length)
    : plainAddressOctets(mask);
  if (maskOctets?.length !== octets.length) return undefined;
  return Uint8Array.of(...octets, ...maskOctets);
}

function plainAddressOctets(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split('.').map(Number));
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = text.split('::');
  const before = groupOctets(head);
  if (tail === undefined) return Uint8Array.from(before);
  const after = groupOctets(tail);
  const zeros = Array.from({ length: 16 - before.length - after.length }, () => 0);
  return Uint8Array.from([...before, ...zeros, ...after]);
}

function groupOctets(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function maskOfBits(bits: number, length: number): Uint8Array | undefined {
  if (bits > length * 8) return undefined;
  return Uint8Array.from({ length }, (_, index) => {
    const ones = Math.min(8, Math.max(0, bits - index * 8));
    return (0xff << (8 - ones)) & 0xff;
  });
}

function groupText(octets: Uint8Array, index: number): string {
  const [high = 0, low = 0] = octets.subarray(2 * index, 2 * index + 2);
  return ((high << 8) | low).toString(16);
}
