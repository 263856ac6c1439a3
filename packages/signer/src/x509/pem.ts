import { decodeText } from './decode-text.js';

/** One block of a PEM text. */
export interface PemBlock {
  /** What stands after `BEGIN`, such as `CERTIFICATE`. */
  readonly label: string;
  /** Encapsulated header lines, such as `Proc-Type: 4,ENCRYPTED`; empty for most. */
  readonly headers: readonly string[];
  /** The decoded bytes; for a traditionally encrypted key its ciphertext. */
  readonly der: Uint8Array;
}

/** Thrown for text that begins a PEM block and does not end it well. Never holds content. */
export class PemError extends Error {
  override name = 'PemError';
}

const BEGIN = '-----BEGIN ';
const DASHES = '-----';
/** The roots of all the world are some hundreds. */
const MAXIMUM_BLOCKS = 1024;

/**
 * Every PEM block of a text, in order. Tolerates text before, between and after the blocks, CRLF, a byte order mark,
 * UTF-16 as some shells write it, and line ends that were written as the two characters `\n`.
 *
 * @returns an empty list when the input holds no `-----BEGIN`
 * @throws PemError when a block has no end line, holds another block, or is not base64; for more than 1024 blocks
 * @see RFC 7468 §2, RFC 1421 §4.4 (header lines)
 * @example
 * parsePem('-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n')[0]?.label; // 'CERTIFICATE'
 */
export function parsePem(input: string | Uint8Array): PemBlock[] {
  const text = typeof input === 'string' ? input : decodeText(input);
  const blocks: PemBlock[] = [];
  for (let start = text.indexOf(BEGIN); start >= 0;) {
    const labelEnd = text.indexOf(DASHES, start + BEGIN.length);
    const label = labelEnd < 0 ? '' : text.slice(start + BEGIN.length, labelEnd);
    if (!/^[A-Z0-9 ]{1,64}$/.test(label)) throw new PemError('a BEGIN line is cut off');
    const endLine = `${DASHES}END ${label}${DASHES}`;
    const end = text.indexOf(endLine, labelEnd);
    if (end < 0) throw new PemError(`the ${label} block has no END line; the text is cut off`);
    if (blocks.length === MAXIMUM_BLOCKS) throw new PemError(`more than ${MAXIMUM_BLOCKS} blocks`);
    blocks.push(decodeBlock(label, text.slice(labelEnd + DASHES.length, end)));
    start = text.indexOf(BEGIN, end + endLine.length);
  }
  return blocks;
}

/** True when the bytes or the text hold the beginning of a PEM block, so that they are not DER. */
export function isPem(input: string | Uint8Array): boolean {
  return (typeof input === 'string' ? input : decodeText(input)).includes(BEGIN);
}

/** A block as PEM text again, with 64 characters a line. */
export function formatPem(block: PemBlock): string {
  const base64 = btoa(Array.from(block.der, (octet) => String.fromCharCode(octet)).join(''));
  const lines = base64.match(/.{1,64}/g) ?? [];
  const head = block.headers.length > 0 ? [...block.headers, ''] : [];
  return `${[`${BEGIN}${block.label}${DASHES}`, ...head, ...lines, `${DASHES}END ${block.label}${DASHES}`].join('\n')}\n`;
}

function decodeBlock(label: string, body: string): PemBlock {
  if (body.includes(BEGIN)) throw new PemError(`the ${label} block has no END line before the next block`);
  // Environment variables often carry the two characters \ and n where a line end was meant.
  const lines = body
    .replaceAll(String.raw`\r`, '')
    .replaceAll(String.raw`\n`, '\n')
    .split(/\r\n|\r|\n/);
  const headers = lines.map((line) => line.trim()).filter((line) => line.includes(':'));
  const base64 = lines
    .filter((line) => !line.includes(':'))
    .join('')
    .replaceAll(/\s/g, '');
  return { label, headers, der: decodeBase64(base64, label) };
}

function decodeBase64(base64: string, label: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    throw new PemError(`the ${label} block is not base64`);
  }
  // Many times faster than `Uint8Array.from` with a function.
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
