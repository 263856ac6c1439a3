import type { RawRequest } from '../http.js';
import { trimBlanks } from './trim-blanks.js';

/**
 * The canonical value of one header: each occurrence trimmed, runs of blanks made one, several occurrences joined by
 * commas in the order received.
 *
 * @param name in lower case
 * @returns undefined when the request does not have the header
 */
export function canonicalHeaderValue(request: RawRequest, name: string): string | undefined {
  const values = request.rawHeaders.filter(([candidate]) => candidate.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map(([, value]) => canonicalText(value)).join(',');
}

/**
 * The canonical headers block: one line `name:value` per signed header, each with its line feed, in the order given.
 * A header that the request does not have gives an empty value; whether that is allowed is for the verifier to say.
 *
 * @param names in lower case and sorted
 * @see AWS IAM User Guide, "Create a signed AWS API request", canonical headers
 */
export function canonicalHeaders(request: RawRequest, names: readonly string[]): string {
  const values = valuesByName(request);
  return names.map((name) => `${name}:${values.get(name)?.join(',') ?? ''}\n`).join('');
}

/** One pass over the headers: thousands of signed names times thousands of headers would take seconds. */
function valuesByName({ rawHeaders }: RawRequest): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [rawName, rawValue] of rawHeaders) {
    const name = rawName.toLowerCase();
    const value = canonicalText(rawValue);
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

function canonicalText(value: string): string {
  return trimBlanks(asUtf8(value).replace(/[ \t\r\n]+/g, ' '));
}

/**
 * Node gives a header one character per byte. Clients sign text and most send it as UTF-8, so bytes that are valid
 * UTF-8 are read as such; a client that sends Latin-1 signs the same characters, and they stay.
 */
function asUtf8(value: string): string {
  if (!HIGH_BYTE.test(value) || BEYOND_BYTE.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

const HIGH_BYTE = /[\x80-\xff]/;
const BEYOND_BYTE = /[^\0-\xff]/;
