/**
 * Decodes `%XY` to bytes. A percent sign that begins no valid sequence stands for itself, characters up to U+00FF are
 * one byte each (that is how a request line is received), and any other character becomes its UTF-8 bytes.
 * A plus sign is a plus sign: the form encoding of HTML is no part of RFC 3986.
 *
 * @see RFC 3986 section 2.1
 */
export function percentDecode(text: string): Uint8Array {
  if (!text.includes('%') && !BEYOND_BYTE.test(text)) return Buffer.from(text, 'latin1');
  return Buffer.from(normalizeEscapes(text).replace(ESCAPE, byteOfEscape), 'latin1');
}

/**
 * Decodes a text and encodes it again in the one canonical way: unreserved characters as they are, every other byte as
 * `%XY` with upper-case digits.
 *
 * @example
 * normalizeEscapes('%61 b%2f%c3%bc+'); // 'a%20b%2F%C3%BC%2B'
 * @see RFC 3986 section 2.3; AWS IAM User Guide, "Create a signed AWS API request", UriEncode()
 */
export function normalizeEscapes(text: string): string {
  return text.replace(ESCAPE_OR_RESERVED, (match) =>
    match.length === 3 ? encodedByte(Number.parseInt(match.slice(1), 16)) : encodedCharacter(match),
  );
}

/** Encodes a text that may already hold escapes once more: `%20` becomes `%2520`. */
export function encodeAgain(text: string): string {
  return text.replace(RESERVED, encodedCharacter);
}

const ESCAPE = /%[0-9A-F]{2}/g;
const RESERVED = /[^A-Za-z0-9._~-]/gu;
const ESCAPE_OR_RESERVED = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~-]/gu;
const BEYOND_BYTE = /[^\0-\xff]/;

const ENCODED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9._~-]/.test(character)) return character;
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

function encodedByte(byte: number): string {
  return ENCODED[byte] ?? '';
}

function encodedCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code <= 0xff) return encodedByte(code);
  // UTF-8 has no form for half a surrogate pair: the replacement character stands for it.
  const isHalf = character.length === 1 && code >= 0xd800 && code <= 0xdfff;
  return encodeURIComponent(isHalf ? '\ufffd' : character);
}

function byteOfEscape(escape: string): string {
  return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}
