import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { parseAwsChunked } from '../../src/sigv4/aws-chunked.js';

const parse = (text: string) => parseAwsChunked(Buffer.from(text, 'latin1'));
const dataOf = (text: string) => parse(text)?.chunks.map(({ data }) => Buffer.from(data).toString('latin1'));
const signature = 'ab'.repeat(32);

test('chunks and a trailer are taken apart', () => {
  const body = parse('3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Amz-Checksum-Crc32: AAAAAA==\r\n\r\n');
  expect(body?.chunks.map(({ data }) => data.length)).toEqual([3, 10, 0]);
  expect([...(body?.trailers ?? [])]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
});

test('signatures of chunks are kept', () => {
  const body = parse(`1;chunk-signature=${signature}\r\na\r\n0;chunk-signature=${signature}\r\n\r\n`);
  expect(body?.chunks.map((chunk) => chunk.signature)).toEqual([signature, signature]);
});

test('chunk data may hold line ends', () => {
  expect(dataOf('4\r\n\r\n\r\n\r\n0\r\n\r\n')).toEqual(['\r\n\r\n', '']);
});

test('an empty body is one empty chunk, with or without the last line end', () => {
  expect(dataOf('0\r\n\r\n')).toEqual(['']);
  expect(dataOf('0\r\n')).toEqual(['']);
});

test.each([
  ['nothing', ''],
  ['plain text', 'hello'],
  ['no last chunk', '3\r\nabc\r\n'],
  ['a chunk that is too short', '4\r\nabc\r\n0\r\n\r\n'],
  ['a chunk that is too long', '2\r\nabc\r\n0\r\n\r\n'],
  ['a bare line feed', '3\nabc\n0\n\n'],
  ['a size that is not hex', '0x3\r\nabc\r\n0\r\n\r\n'],
  ['a negative size', '-3\r\nabc\r\n0\r\n\r\n'],
  ['a size past the end', 'ffffffff\r\nabc\r\n0\r\n\r\n'],
  ['a size of nine digits', '000000003\r\nabc\r\n0\r\n\r\n'],
  ['an unknown extension', '3;x=y\r\nabc\r\n0\r\n\r\n'],
  ['a short signature', '3;chunk-signature=ab\r\nabc\r\n0\r\n\r\n'],
  ['a trailer without a colon', '0\r\nabc\r\n\r\n'],
  ['a trailer sent twice', '0\r\na:1\r\nA:2\r\n\r\n'],
  ['a trailer that does not end', '0\r\na:1'],
  ['bytes after the end', '0\r\n\r\nx'],
  ['an endless first line', '1'.repeat(5000)],
])('%s is refused', (_, text) => {
  expect(parse(text)).toBeUndefined();
});

test('any octets give an answer, and any data cut into chunks comes back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseAwsChunked(bytes)));
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), (chunks) => {
      const framed = chunks.map((data) =>
        Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]),
      );
      const body = parseAwsChunked(Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]));
      expect(Buffer.concat(body?.chunks.map(({ data }) => data) ?? [])).toEqual(Buffer.concat(chunks));
    }),
  );
});
