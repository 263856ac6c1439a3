import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readBoolean, readInteger, readObjectIdentifier, readSequence } from '../../src/der/der-values.js';
import { readDer } from '../../src/der/read-der.js';
import { readText } from '../../src/der/read-text.js';
import { readTime } from '../../src/der/read-time.js';

const read = (...octets: number[]) => readDer(Uint8Array.from(octets), 1000);
const ascii = (tag: number, text: string) => read(tag, text.length, ...Buffer.from(text, 'latin1'));

describe('readDer', () => {
  test('a value that fills the input is read, content and all', () => {
    expect(read(0x30, 3, 2, 1, 5)).toMatchObject({ tag: 0x30, content: Uint8Array.of(2, 1, 5) });
  });

  test('a later change of the input does not reach what was read', () => {
    const input = Uint8Array.of(2, 1, 5);
    const node = readDer(input, 10);
    input[2] = 6;
    expect(readInteger(node, 'it')).toBe(5n);
  });

  test.each([
    ['no bytes at all', []],
    ['bytes after the end', [5, 0, 0, 0]],
    ['a value longer than the input', [4, 5, 1]],
    ['an indefinite length', [0x30, 0x80, 0, 0]],
    ['a length in more octets than needed', [4, 0x81, 1, 0]],
    ['a length with a leading zero', [4, 0x82, 0, 0x80, ...new Uint8Array(128)]],
    ['a length of five octets', [4, 0x85, 1, 0, 0, 0, 0]],
    ['a length that is cut', [4, 0x82, 1]],
    ['a tag of two octets', [0x1f, 0x22, 0]],
  ])('%s is refused', (_, octets) => {
    expect(() => read(...octets)).toThrow(/bytes|value|length|tag/);
  });

  test('more bytes than allowed are refused before they are looked at', () => {
    expect(() => readDer(new Uint8Array(11), 10)).toThrow('more than 10 bytes');
  });

  test('a flood of values inside one is refused', () => {
    const flood = Buffer.concat([Buffer.of(0x30, 0x83, 0x03, 0, 0), Buffer.alloc(0x30000, Buffer.of(5, 0))]);
    expect(() => readSequence(readDer(flood, 1 << 20), 'it')).toThrow('more than 65536');
  });
});

describe('values', () => {
  test('every integer of up to 200 bits is read as it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 199n), max: 2n ** 199n }), (value) => {
        const size = BigInt(Math.floor(value.toString(2).length / 8) + 1);
        const octets = Buffer.from(
          BigInt.asUintN(Number(size) * 8, value)
            .toString(16)
            .padStart(Number(size) * 2, '0'),
          'hex',
        );
        const isPadded =
          octets.length > 1 &&
          ((octets[0] === 0 && (octets[1] ?? 0) < 0x80) || (octets[0] === 0xff && (octets[1] ?? 0) >= 0x80));
        fc.pre(!isPadded);
        expect(readInteger(read(2, octets.length, ...octets), 'it')).toBe(value);
      }),
    );
  });

  test.each([
    ['an empty one', [2, 0]],
    ['one with a needless zero', [2, 2, 0, 1]],
    ['one with a needless 0xFF', [2, 2, 0xff, 0x80]],
  ])('an integer is refused: %s', (_, octets) => {
    expect(() => readInteger(read(...octets), 'it')).toThrow(/it is/);
  });

  test.each([
    ['2.5.29.15', [6, 3, 0x55, 0x1d, 0x0f]],
    ['1.2.840.113549.1.1.11', [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b]],
    ['2.999', [6, 2, 0x88, 0x37]],
    ['0.9', [6, 1, 9]],
  ])('the object identifier %s', (oid, octets) => {
    expect(readObjectIdentifier(read(...octets), 'it')).toBe(oid);
  });

  test('an object identifier that ends inside an arc, is empty or endless is refused', () => {
    expect(() => readObjectIdentifier(read(6, 2, 0x55, 0x80), 'it')).toThrow(/malformed/);
    expect(() => readObjectIdentifier(read(6, 0), 'it')).toThrow(/malformed/);
    expect(() => readObjectIdentifier(read(6, 0x81, 200, ...new Uint8Array(200)), 'it')).toThrow(/malformed/);
  });

  test('a boolean has one octet', () => {
    expect(readBoolean(read(1, 1, 0xff), 'it')).toBe(true);
    expect(readBoolean(read(1, 1, 0), 'it')).toBe(false);
    expect(() => readBoolean(read(1, 2, 0, 0), 'it')).toThrow('it is not a BOOLEAN');
  });

  test.each([
    ['UTF8String', [0x0c, 2, 0xc3, 0xb1], 'ñ'],
    ['TeletexString', [0x14, 1, 0xf1], 'ñ'],
    ['BMPString', [0x1e, 2, 0, 0xf1], 'ñ'],
    ['UniversalString', [0x1c, 4, 0, 1, 0xf6, 0], '😀'],
    ['an INTEGER', [2, 1, 1], undefined],
  ])('the text of %s', (_, octets, text) => {
    expect(readText(read(...octets), 'it')).toBe(text);
  });

  test.each([
    ['UTF-8', [0x0c, 1, 0xc3]],
    ['UTF-16', [0x1e, 3, 0, 0xf1, 0]],
    ['UTF-32', [0x1c, 4, 0, 0x11, 0, 0]],
  ])('broken %s is refused', (_, octets) => {
    expect(() => readText(read(...octets), 'it')).toThrow(/it is not/);
  });
});

describe('times', () => {
  test.each([
    [0x17, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [0x18, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
    [0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [0x17, '240229000000Z', '2024-02-29T00:00:00.000Z'],
  ])('tag %i with %s is %s', (tag, text, iso) => {
    expect(readTime(ascii(tag, text), 'it').toISOString()).toBe(iso);
  });

  test.each([
    [0x17, '250229000000Z'],
    [0x17, '251301000000Z'],
    [0x17, '250101240000Z'],
    [0x17, '250101000060Z'],
    [0x17, '2501010000Z'],
    [0x17, '250101000000+0100'],
    [0x18, '20250101000000'],
    [0x18, '20250101000000.5Z'],
    [0x0c, '250101000000Z'],
  ])('tag %i with %s is refused', (tag, text) => {
    expect(() => readTime(ascii(tag, text), 'it')).toThrow(/it is not a/);
  });
});
