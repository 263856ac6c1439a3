import { type DerElement, objectIdentifierOf, readElements } from './der.js';

interface NameAttribute {
  readonly oid: string;
  readonly value: string;
}

/** Attributes that have a name, in the order in which they are encoded: the text has the last one first. */
const NAMED: readonly (readonly [oid: string, name: string])[] = [
  ['2.5.4.6', 'C'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.7', 'L'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.17', 'POSTALCODE'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'SERIALNUMBER'],
];
/** Of these a name has one: the last that is in it. */
const SINGLE = new Set(['CN', 'SERIALNUMBER']);

/** String types (X.680 §41): T61String and the printable ones are read octet by octet, as everybody does. */
const ENCODINGS: Readonly<Record<number, string>> = {
  0x0c: 'utf-8',
  0x12: 'latin1',
  0x13: 'latin1',
  0x14: 'latin1',
  0x16: 'latin1',
  0x1e: 'utf-16be',
};
const PRINTABLE_STRING = 0x13;
const UTF8_STRING = 0x0c;

/**
 * A distinguished name as `aws_signing_helper` writes it, which is the rendering of Go's `pkix.Name`: SERIALNUMBER, CN,
 * OU, O, POSTALCODE, STREET, L, ST, C whatever their order in the certificate, equal ones joined by `+`, then all others as
 * `OID=#hex`, the last first.
 *
 * @param der - the Name (RFC 5280 §4.1.2.4)
 * @throws RangeError when the bytes are not a name
 * @see RFC 2253 §2
 */
export function nameText(der: Uint8Array): string {
  const attributes = readAttributes(der);
  const named = NAMED.flatMap(([oid, name]) => {
    const values = attributes.filter((attribute) => attribute.oid === oid).map(({ value }) => value);
    const shown = SINGLE.has(name) ? values.slice(-1).filter((value) => value !== '') : values;
    return shown.length === 0 ? [] : [shown.map((value) => `${name}=${escaped(value)}`).join('+')];
  });
  const others = attributes
    .filter(({ oid }) => !NAMED.some(([known]) => known === oid))
    .map(({ oid, value }) => `${oid}=#${hexOf(encoded(value))}`);
  return [...others, ...named].toReversed().join(',');
}

function readAttributes(der: Uint8Array): readonly NameAttribute[] {
  const [name] = readElements(der);
  if (name === undefined) throw new RangeError('no name');
  return readElements(name.content)
    .flatMap(({ content }) => readElements(content))
    .map(({ content }) => {
      const [type, value] = readElements(content);
      if (type === undefined || value === undefined) throw new RangeError('an attribute lacks type or value');
      return { oid: objectIdentifierOf(type.content), value: valueOf(value) };
    });
}

function valueOf({ tag, content }: DerElement): string {
  return new TextDecoder(ENCODINGS[tag] ?? 'latin1', { ignoreBOM: true }).decode(content);
}

function escaped(value: string): string {
  const characters = Array.from(value);
  return characters
    .map((character, place) => {
      const isEdge = place === 0 || place === characters.length - 1;
      const isSpecial =
        ',+"\\<>;'.includes(character) || (character === ' ' && isEdge) || (character === '#' && place === 0);
      return isSpecial ? `\\${character}` : character;
    })
    .join('');
}

/** Encoded anew, as PrintableString where its letters allow it, whatever the certificate has. */
function encoded(value: string): Uint8Array {
  const octets = new TextEncoder().encode(value);
  const tag = /^[A-Za-z0-9'()+,\-./ :=?]*$/.test(value) ? PRINTABLE_STRING : UTF8_STRING;
  return Uint8Array.from([tag, ...lengthOctets(octets.length), ...octets]);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
