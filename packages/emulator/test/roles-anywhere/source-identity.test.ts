import { expect, test } from '@jest/globals';
import { isPlainSourceIdentity, sourceIdentityOf } from '../../src/roles-anywhere/source-identity.js';

const named = (serialNumber: bigint, ...commonNames: readonly string[]) => ({
  serialNumber,
  subject: {
    der: new Uint8Array(),
    text: '',
    attributes: commonNames.map((value) => ({ oid: '2.5.4.3', shortName: 'CN', value })),
    relativeNames: [],
    normalized: [],
  },
});

test('a common name of up to 61 characters is prefixed', () => {
  expect(sourceIdentityOf(named(1n, 'client-01'))).toBe('CN=client-01');
  expect(sourceIdentityOf(named(1n, 'a'.repeat(61)))).toBe(`CN=${'a'.repeat(61)}`);
});

test.each([62, 63, 64])('a common name of %i characters stands alone', (length) => {
  expect(sourceIdentityOf(named(1n, 'a'.repeat(length)))).toBe('a'.repeat(length));
});

test('characters are counted, not UTF-16 units', () => {
  expect(sourceIdentityOf(named(1n, '𝒜'.repeat(61)))).toBe(`CN=${'𝒜'.repeat(61)}`);
});

test('without a common name the serial number stands in hex, padded to even length', () => {
  expect(sourceIdentityOf(named(291n))).toBe('ID=0123');
  expect(sourceIdentityOf(named(17767n))).toBe('ID=4567');
});

test('a common name of over 64 characters counts as none', () => {
  expect(sourceIdentityOf(named(291n, 'a'.repeat(65)))).toBe('ID=0123');
});

test('the first of several common names counts', () => {
  expect(sourceIdentityOf(named(1n, 'first', 'second'))).toBe('CN=first');
});

test('what STS documents for a source identity is told from the rest', () => {
  expect(isPlainSourceIdentity('CN=client-01')).toBe(true);
  expect(isPlainSourceIdentity('CN=two words')).toBe(false);
});
