import { expect, test } from '@jest/globals';
import { isSpiffeId } from '../src/spiffe-id.js';

const RIGHT = [
  'spiffe://example.org',
  'spiffe://example.org/backend',
  'spiffe://9.a-b_c/ns/default/sa/Web.1',
  'spiffe://a/...',
  `spiffe://a/${'x'.repeat(2037)}`,
];
const WRONG = [
  '',
  'example.org/backend',
  'SPIFFE://example.org/backend',
  'https://example.org/backend',
  'spiffe://',
  'spiffe:///backend',
  'spiffe://Example.org/backend',
  'spiffe://example.org:80/backend',
  'spiffe://user@example.org/backend',
  'spiffe://example.org/',
  'spiffe://example.org/a//b',
  'spiffe://example.org/a/../b',
  'spiffe://example.org/./b',
  'spiffe://example.org/a?b',
  'spiffe://example.org/a#b',
  'spiffe://example.org/a%20b',
  'spiffe://example.org/a b',
  'spiffe://example.org/a\n',
  `spiffe://${'x'.repeat(256)}/a`,
  `spiffe://a/${'x'.repeat(2038)}`,
];

test.each(RIGHT)('%.60s is a SPIFFE ID', (text) => {
  expect(isSpiffeId(text)).toBe(true);
});

test.each(WRONG)('%j is none', (text) => {
  expect(isSpiffeId(text)).toBe(false);
});
