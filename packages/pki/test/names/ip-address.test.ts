import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { addressAndMaskText, addressOctets, addressText } from '../../src/names/ip-address.js';

describe('addresses', () => {
  test.each([4, 16])('any %i octets come back from their text', (length) => {
    const octet = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(octet, { minLength: length, maxLength: length }), (octets) => {
        expect([...(addressOctets(addressText(Uint8Array.from(octets))) ?? [])]).toEqual(octets);
      }),
    );
  });

  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['FE80::A', 'fe80::a'],
  ])('%s is written %s', (text, canonical) => {
    expect(addressText(addressOctets(text) ?? new Uint8Array())).toBe(canonical);
  });

  test.each([
    ['192.0.2.0/24', '192.0.2.0/255.255.255.0'],
    ['0.0.0.0/0', '0.0.0.0/0.0.0.0'],
    ['10.0.0.0/255.0.0.0', '10.0.0.0/255.0.0.0'],
    ['2001:db8::/32', '2001:db8::/ffff:ffff::'],
  ])('%s with its mask is %s', (text, masked) => {
    expect(addressAndMaskText(addressOctets(text) ?? new Uint8Array())).toBe(masked);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/::',
    '::/129',
    '::1%eth0',
    '1.2.3.4/24/1',
    'host',
    '1.2.3.256',
  ])('"%s" is not an address', (text) => {
    expect(addressOctets(text)).toBeUndefined();
  });
});
