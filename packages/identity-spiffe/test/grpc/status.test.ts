import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readStatus } from '../../src/grpc/status.js';

test('a code and its message are read', () => {
  expect(readStatus({ 'grpc-status': '7', 'grpc-message': 'no identity issued' })).toEqual({
    code: 'PERMISSION_DENIED',
    message: 'no identity issued',
  });
});

test('headers without a code have no status', () => {
  expect(readStatus({ 'grpc-message': 'x' })).toBeUndefined();
});

test.each(['17', '-1', 'x', '', '0x7', '7777'])('the code %j is unknown', (code) => {
  expect(readStatus({ 'grpc-status': code })).toEqual({ code: 'UNKNOWN', message: '' });
});

test.each([
  ['a%20b', 'a b'],
  ['%E2%9C%93 done', '✓ done'],
  ['100%', '100%'],
  ['%zz%41', '%zzA'],
  ['%E2%9C', '\uFFFD'],
  ['a%0D%0Ab%1B[31m', 'a b [31m'],
])('the message %j is %j', (encoded, message) => {
  expect(readStatus({ 'grpc-status': '2', 'grpc-message': encoded })?.message).toBe(message);
});

test('a long message is cut', () => {
  const { message } = readStatus({ 'grpc-status': '2', 'grpc-message': 'x'.repeat(5000) }) ?? { message: '' };
  expect(message).toHaveLength(301);
});

test('no message makes the status be lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(readStatus({ 'grpc-status': '14', 'grpc-message': text })?.code).toBe('UNAVAILABLE');
    }),
  );
});
