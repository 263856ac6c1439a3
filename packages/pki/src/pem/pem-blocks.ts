/** One decoded PEM block. */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
}

const BEGIN = '-----BEGIN ';
const DASHES = '-----';

/**
 * The blocks of a PEM text whose label is one of `labels`, in order; text around them and other blocks are
 * passed over. Time is linear in the text.
 *
 * @throws Error when a wanted block has no end line or its base64 is broken
 * @see RFC 7468 §2, §3
 */
export function pemBlocks(text: string, labels: readonly string[]): PemBlock[] {
  const blocks: PemBlock[] = [];
  let position = text.indexOf(BEGIN);
  while (position !== -1) {
    const labelEnd = text.indexOf(DASHES, position + BEGIN.length);
    if (labelEnd === -1) break;
    const label = text.slice(position + BEGIN.length, labelEnd);
    const bodyStart = labelEnd + DASHES.length;
    const wanted = labels.includes(label);
    const bodyEnd = wanted ? text.indexOf(`-----END ${label}-----`, bodyStart) : bodyStart;
    if (bodyEnd === -1) throw new Error(`the block "${label}" has no end line`);
    if (wanted) blocks.push({ label, der: decodeBase64(text.slice(bodyStart, bodyEnd), label) });
    position = text.indexOf(BEGIN, bodyEnd);
  }
  return blocks;
}

/** A PEM block with lines of 64 characters. @see RFC 7468 §2 */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function decodeBase64(body: string, label: string): Uint8Array {
  const base64 = body.replaceAll(/[\t\n\v\f\r ]/g, '');
  // Buffer.from skips what it does not know, so that two different texts would give the same bytes.
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new Error(`the block "${label}" is not base64`);
  }
  return Buffer.from(base64, 'base64');
}
