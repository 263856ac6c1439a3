import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  readDer,
  readDerChildren,
  readDerInteger,
  readDerSequence,
  readObjectIdentifier,
  writeDer,
} from '../../src/x509/der.js';

test.each([
  ['2a864886f70d010101', '1.2.840.113549.1.1.1'],
  ['883703', '2.999.3'],
  ['550403', '2.5.4.3'],
])('the object identifier %s is %s', (hex, text) => {
  expect(readObjectIdentifier(Buffer.from(hex, 'hex'))).toBe(text);
});

test.each([
  ['00', 0n],
  ['7f', 127n],
  ['0080', 128n],
  ['80', -128n],
  ['ff', -1n],
])('the integer %s is %s', (hex, value) => {
  expect(readDerInteger(Buffer.from(hex, 'hex'))).toBe(value);
});

test.each(['', '30', '3001', '3080', '30850000000000', '300102', '1f0100', '30000000'])(
  '%j is refused',
  (hex) => {
    expect(() => readDerSequence(Buffer.from(hex, 'hex'))).toThrow(RangeError);
  },
);

test('what is written is read back, at any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), (content) => {
      const [child] = readDerChildren(readDer(writeDer(0x30, writeDer(0x04, content))));
      expect(Buffer.compare(child?.content ?? Buffer.from('no'), content)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('any bytes are read or refused with a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(['none', 'RangeError']).toContain(nameOfError(bytes));
    }),
    { numRuns: 1000 },
  );
});

function nameOfError(bytes: Uint8Array): string {
  try {
    readDerChildren(readDer(bytes));
    return 'none';
  } catch (error) {
    return error instanceof RangeError ? 'RangeError' : String(error);
  }
}
