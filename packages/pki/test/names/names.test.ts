import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { PkiError, type NameInit } from '../../src/index.js';
import { readDer } from '../../src/der/read-der.js';
import { encodeName } from '../../src/names/encode-name.js';
import { parseNameText } from '../../src/names/parse-name-text.js';
import { readDistinguishedName } from '../../src/names/read-distinguished-name.js';

const read = (name: string | NameInit) =>
  readDistinguishedName(readDer(encodeName(name), 10_000), 'the name');

describe('names', () => {
  test('text begins with the most specific attribute, DER with the most general one', () => {
    const name = read('CN=server, OU=Web, O=Example, C=ES');
    expect(name.text).toBe('CN=server,OU=Web,O=Example,C=ES');
    expect(name.attributes.map(({ shortName, value }) => `${shortName}=${value}`)).toEqual([
      'C=ES',
      'O=Example',
      'OU=Web',
      'CN=server',
    ]);
  });

  test('a structured name keeps its order, repeated and multi-valued attributes', () => {
    const name = read([
      { type: 'OU', value: 'Security' },
      { type: 'OU', value: 'Engineering' },
      [
        { type: 'UID', value: '7' },
        { type: 'CN', value: 'ñandú' },
      ],
    ]);
    expect(name.text).toBe('UID=7+CN=ñandú,OU=Engineering,OU=Security');
    expect(name.relativeNames.map(({ length }) => length)).toEqual([1, 1, 2]);
  });

  test('an empty text and an empty list make the empty name', () => {
    expect(read('')).toMatchObject({ text: '', attributes: [], normalized: [] });
    expect([...encodeName([])]).toEqual([0x30, 0]);
  });

  test('every text that a name is given in makes the same name again', () => {
    const value = fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 12 });
    const attribute = fc.record({ type: fc.constantFrom('CN', 'O', 'OU', 'L', 'UID'), value });
    fc.assert(
      fc.property(fc.array(attribute, { minLength: 1, maxLength: 4 }), (attributes) => {
        const name = read(attributes);
        expect(Buffer.from(read(name.text).der).toString('hex')).toBe(Buffer.from(name.der).toString('hex'));
      }),
    );
  });

  test.each([
    [String.raw`CN=a\, b`, 'a, b'],
    [String.raw`CN=\C3\B1`, 'ñ'],
    ['CN="a, b"', 'a, b'],
    [String.raw`CN=\ a\ `, ' a '],
    ['cn = a b ', 'a b'],
    ['2.5.4.3=a', 'a'],
    ['commonName=a', 'a'],
    ['CN=a=b', 'a=b'],
    ['CN=', ''],
  ])('the text %s', (text, value) => {
    expect(read(text).attributes.map((attribute) => attribute.value)).toEqual([value]);
  });

  test.each([
    'server',
    'CN=a,',
    'CN=a+',
    ',CN=a',
    'CN="a',
    'CN=a\\',
    'CN=a;;O=b',
    'CN=#0c0161',
    'XY=a',
    '=a',
  ])('the text %s is refused', (text) => {
    expect(() => encodeName(text)).toThrow(PkiError);
  });

  test('a hostile text is refused', () => {
    expect(() => parseNameText(`CN=${'\\'.repeat(50_001)}`)).toThrow(PkiError);
    expect(() => parseNameText(`${' '.repeat(50_000)}CN`)).toThrow(PkiError);
    expect(() => parseNameText(`CN=a${' '.repeat(50_000)}"`)).toThrow(PkiError);
    expect(() => parseNameText(`CN=${' '.repeat(50_000)}"`)).toThrow(PkiError);
    expect(parseNameText(`CN=a${' '.repeat(50_000)}`)).toEqual([[{ type: 'CN', value: 'a' }]]);
  });

  test('control characters do not reach the text', () => {
    expect(read([{ type: 'CN', value: 'a\n\u0000b\u007F' }]).text).toBe(String.raw`CN=a\0A\00b\7F`);
  });

  test('a value that is not a string, and a type without a name, are given in hex', () => {
    expect(read([{ type: '1.2.3.4', value: 'a' }]).text).toBe('1.2.3.4=#0c0161');
  });
});

describe('names are compared as RFC 5280 says', () => {
  const SAME: readonly (readonly [string, string | NameInit, string | NameInit])[] = [
    ['case', 'CN=Example CA', 'CN=EXAMPLE ca'],
    ['spaces', [{ type: 'CN', value: ' Example   CA ' }], 'CN=Example CA'],
    ['the string type', [{ type: 'CN', value: 'Example', encoding: 'printable' }], 'CN=Example'],
    ['sixteen bit characters', [{ type: 'CN', value: 'Exámple', encoding: 'bmp' }], 'CN=exámple'],
    ['the form of an accent', [{ type: 'CN', value: 'e\u0301' }], [{ type: 'CN', value: '\u00E9' }]],
    ['the order inside a multi-valued attribute', 'CN=a+UID=b', 'UID=b+CN=a'],
  ];
  test.each(SAME)('%s does not count', (_, a, b) => {
    expect(read(a).normalized).toEqual(read(b).normalized);
  });

  test.each([
    ['CN=a', 'CN=b'],
    ['CN=a, O=b', 'O=b, CN=a'],
    ['CN=a+O=b', 'CN=a, O=b'],
    ['CN=a', 'O=a'],
    ['CN=ab', 'CN=a b'],
  ])('%s is not %s', (a, b) => {
    expect(read(a).normalized).not.toEqual(read(b).normalized);
  });
});
