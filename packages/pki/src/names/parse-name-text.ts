import { PkiError } from '../errors.js';
import { shorten } from '../shorten.js';
import type { NameAttributeInit, NameInit } from './name-init.js';

/** One attribute of the text, and what ended it. */
interface ScannedAttribute {
  readonly attribute: NameAttributeInit;
  readonly separator: string;
}

/** A type, `=`, then a quoted value or one with escapes; ended by a comma, a semicolon, a plus or the end of the text. */
const ATTRIBUTE = /\s*([A-Za-z0-9.-]+)\s*=(?:\s*"((?:[^"\\]|\\.)*)"\s*|((?:[^"\\,;+]|\\.)*))([,;+]|$)/gsuy;

/**
 * RFC 2253 text (`CN=server, O=Example`; also the quotes and semicolons of RFC 1779) as a structured name.
 * The text begins with the most specific attribute, the answer ends with it.
 *
 * @throws PkiError `INVALID_OPTION`
 */
export function parseNameText(text: string): NameInit {
  if (text.trim() === '') return [];
  const scanned = scanAttributes(text);
  const relativeNames: NameAttributeInit[][] = [[]];
  for (const { attribute, separator } of scanned) {
    relativeNames.at(-1)?.push(attribute);
    if (separator === ',' || separator === ';') relativeNames.push([]);
  }
  if (relativeNames.at(-1)?.length === 0) throw malformed(text);
  return relativeNames.toReversed();
}

function scanAttributes(text: string): ScannedAttribute[] {
  const scanned: ScannedAttribute[] = [];
  let end = 0;
  for (const match of text.matchAll(ATTRIBUTE)) {
    const [whole, type = '', quoted, plain = '', separator = ''] = match;
    const value = quoted ?? trim(plain);
    if (quoted === undefined && value.startsWith('#')) {
      throw new PkiError(
        'INVALID_OPTION',
        `The name "${shorten(text)}" has a value in hex (${type}=#…): give a structured name.`,
      );
    }
    scanned.push({ attribute: { type, value: unescape(value) }, separator });
    end = match.index + whole.length;
    if (separator === '') break;
  }
  if (end !== text.length || scanned.at(-1)?.separator === '+') throw malformed(text);
  return scanned;
}

/** Spaces around a value do not count, but for one behind a backslash. */
function trim(value: string): string {
  const isSpace = (index: number): boolean => value[index] === ' ';
  let start = 0;
  let end = value.length;
  while (isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  const backslashes = /\\*$/.exec(value.slice(start, end))?.[0].length ?? 0;
  return value.slice(start, backslashes % 2 === 1 ? end + 1 : end);
}

/** `\,` stands for the character, `\C3\B1` for UTF-8 octets. */
function unescape(value: string): string {
  return value.replaceAll(/(?:\\[0-9A-Fa-f]{2})+|\\./gsu, (escaped) =>
    /^\\[0-9A-Fa-f]{2}/.test(escaped)
      ? Buffer.from(escaped.replaceAll('\\', ''), 'hex').toString('utf8')
      : escaped.slice(1),
  );
}

function malformed(text: string): PkiError {
  return new PkiError(
    'INVALID_OPTION',
    `The name "${shorten(text)}" is not RFC 2253 text: write it like "CN=server, O=Example", with a backslash before , + " \\ < > ;`,
  );
}
