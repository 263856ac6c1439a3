/**
 * Bytes as text: UTF-8, or UTF-16 with a byte order mark, as some shells write it. The mark is not part of the text.
 *
 * @throws TypeError for bytes that are no such text, when `fatal` is true
 */
export function decodeText(bytes: Uint8Array, options: { readonly fatal?: boolean } = {}): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', options).decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be', options).decode(bytes);
  return new TextDecoder('utf-8', options).decode(bytes);
}
