import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ProtobufError, readFields } from '../../src/workload-api/protobuf.js';
import { field } from '../support/wire.js';

const read = (hex: string) =>
  readFields(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 100).map(({ number, content }) => [
    number,
    Buffer.from(content).toString('hex'),
  ]);

test('fields with a length are read', () => {
  expect(read('0a 02 abcd 12 00')).toEqual([
    [1, 'abcd'],
    [2, ''],
  ]);
});

test.each([
  ['numbers', '18 ac02'],
  ['numbers of ten octets', '18 ffffffffffffffffff01'],
  ['numbers of 64 bits', '19 0102030405060708'],
  ['numbers of 32 bits', '1d 01020304'],
  ['groups', '1b 0a01aa 08 01 1c'],
  ['groups in groups', '1b 23 0a01aa 24 1c'],
  ['the highest field number', 'f8ffffff0f 01'],
])('%s are passed over', (_, hex) => {
  expect(read(`${hex} 0a 01 cc`)).toEqual([[1, 'cc']]);
});

test.each([
  ['a field number of zero', '02 00'],
  ['a field number above 29 bits', '8280808010 00'],
  ['a wire type of 6', '0e 00'],
  ['a wire type of 7', '0f 00'],
  ['a length beyond the end', '0a 05 00'],
  ['a length of 2^63', '0a ffffffffffffffff7f'],
  ['a length that is cut off', '0a 80'],
  ['a tag that is cut off', '80'],
  ['a number without an end', '08 ffffffffffffffffffff01'],
  ['64 bits that are cut off', '09 00'],
  ['32 bits that are cut off', '0d 00'],
  ['a group without an end', '1b 08 01'],
  ['the end of a group that did not begin', '1c'],
  ['the end of another group', '1b 24'],
])('%s is refused', (_, hex) => {
  expect(() => read(hex)).toThrow(ProtobufError);
});

test('groups in ever more groups are refused', () => {
  expect(() => readFields(Buffer.alloc(1_000_000, 0x0b), 1_000_000)).toThrow('nested too deeply');
});

test.each(['0a00', '0801', '0b0c', '0d00000000'])('ever more fields are refused: %s', (hex) => {
  expect(() => readFields(Buffer.alloc(4_000_000, hex, 'hex'), 10_000)).toThrow('more than 10000 fields');
});

test('ever more fields in a group are refused', () => {
  const message = Buffer.concat([Buffer.from([0x0b]), Buffer.alloc(4_000_000, '0801', 'hex')]);
  expect(() => readFields(message, 10_000)).toThrow('more than 10000 fields');
});

test('what was written is read', () => {
  const fields = fc.array(
    fc.record({
      number: fc.integer({ min: 1, max: 2 ** 29 - 1 }),
      content: fc.uint8Array({ maxLength: 300 }),
    }),
  );
  fc.assert(
    fc.property(fields, (written) => {
      const message = Buffer.concat(written.map(({ number, content }) => field(number, content)));
      const found = readFields(message, 100).map(({ number, content }) => ({
        number,
        content: new Uint8Array(content),
      }));
      expect(found).toEqual(written);
    }),
  );
});

test('any octets are fields or a typed error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (octets) => {
      expect(['read', 'refused']).toContain(outcome(octets));
    }),
    { numRuns: 2000 },
  );
});

function outcome(octets: Uint8Array): 'read' | 'refused' {
  try {
    readFields(octets, 1000);
    return 'read';
  } catch (error) {
    if (error instanceof ProtobufError) return 'refused';
    throw error;
  }
}
