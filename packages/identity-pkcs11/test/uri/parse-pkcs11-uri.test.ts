import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isPkcs11Uri, parsePkcs11Uri } from '../../src/uri/parse-pkcs11-uri.js';
import { OBJECT_TYPES, Pkcs11UriError, withoutQuery } from '../../src/uri/pkcs11-uri.js';

function problemOf(uri: string): string {
  try {
    parsePkcs11Uri(uri);
  } catch (error) {
    if (error instanceof Pkcs11UriError) return error.message;
    throw error;
  }
  return 'accepted';
}

const TEXT_ATTRIBUTES = {
  token: 'token',
  manufacturer: 'manufacturer',
  serial: 'serial',
  model: 'model',
  'library-manufacturer': 'libraryManufacturer',
  'library-description': 'libraryDescription',
  object: 'object',
  'slot-manufacturer': 'slotManufacturer',
  'slot-description': 'slotDescription',
} as const;

describe('a pkcs11 URI', () => {
  test('may be empty, and then means everything', () => {
    expect(parsePkcs11Uri('pkcs11:')).toEqual({});
    expect(parsePkcs11Uri('PKCS11:')).toEqual({});
  });

  test('is read with every attribute of the standard', () => {
    const uri =
      'pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;serial=;model=1.0;' +
      'library-manufacturer=a;library-description=b;library-version=3;object=my-certificate;type=cert;' +
      'id=%69%95%3E%5C%F4%BD%EC%91;slot-manufacturer=c;slot-description=d;slot-id=0' +
      '?pin-source=file:/etc/token_pin&module-name=hsm&module-path=/usr/lib/hsm.so';
    expect(parsePkcs11Uri(uri)).toEqual({
      token: 'The Software PKCS#11 Softtoken',
      manufacturer: 'Snake Oil, Inc.',
      serial: '',
      model: '1.0',
      libraryManufacturer: 'a',
      libraryDescription: 'b',
      libraryVersion: { major: 3, minor: 0 },
      object: 'my-certificate',
      type: 'cert',
      id: Uint8Array.from([0x69, 0x95, 0x3e, 0x5c, 0xf4, 0xbd, 0xec, 0x91]),
      slotManufacturer: 'c',
      slotDescription: 'd',
      slotId: 0n,
      pinSource: 'file:/etc/token_pin',
      moduleName: 'hsm',
      modulePath: '/usr/lib/hsm.so',
    });
  });

  test.each(['', '../hsm', '..%2Fhsm', 'C:%5Chsm'])('has no module-name like "%s"', (name) => {
    expect(problemOf(`pkcs11:?module-name=${name}`)).toContain('`module-path` takes a path');
  });

  test('may have `?`, `;` and `/` in the query, and letters as they are in the id', () => {
    expect(parsePkcs11Uri('pkcs11:id=ab%00?pin-value=a?b;c/d=e')).toEqual({
      id: Uint8Array.from([0x61, 0x62, 0]),
      pinValue: 'a?b;c/d=e',
    });
  });

  test('passes over attributes of vendors', () => {
    expect(parsePkcs11Uri('pkcs11:x-a=1;token=t;x-a=2?x-b=%zz&pin-value=1')).toEqual({
      token: 't',
      pinValue: '1',
    });
  });

  test.each([
    ['token:x', 'does not begin with `pkcs11:`'],
    ['pkcs11:token=a;token=b', 'has `token` twice'],
    ['pkcs11:?module-name=a&module-name=b', 'has `module-name` twice'],
    ['pkcs11:tokn=a', 'has the attribute `tokn`, which is unknown'],
    ['pkcs11:toString=a', 'has the attribute `toString`, which is unknown'],
    ['pkcs11:__proto__=a', 'has the attribute `__proto__`, which is unknown'],
    ['pkcs11:Token=a', 'has the attribute `Token`, which is unknown'],
    ['pkcs11:?foo=a', 'has the attribute `foo`, which is unknown'],
    ['pkcs11:pin-value=1', 'has `pin-value` in the wrong place; it belongs after the `?`'],
    ['pkcs11:?token=1', 'has `token` in the wrong place; it belongs before the `?`'],
    ['pkcs11:token=a;', 'has an attribute that is not of the form `name=value`'],
    ['pkcs11:?', 'has an attribute that is not of the form `name=value`'],
    ['pkcs11:token', 'has an attribute that is not of the form `name=value`'],
    ['pkcs11:=a', 'has an attribute that is not of the form `name=value`'],
    ['pkcs11:token=a b', 'holds a space, a control character or `#`; write %20, %23 and so on'],
    ['pkcs11:token=a#b', 'holds a space, a control character or `#`; write %20, %23 and so on'],
    ['pkcs11:token=%4', 'has a `%` in `token` without two hexadecimal digits; write %25 for it'],
    ['pkcs11:id=%zz', 'has a `%` in `id` without two hexadecimal digits; write %25 for it'],
    ['pkcs11:token=%ff', 'has a `token` that is not UTF-8'],
    ['pkcs11:token=%00', 'has a zero in `token`'],
    ['pkcs11:type=certificate', 'has a `type` that is none of public, private, cert, secret-key, data'],
    ['pkcs11:slot-id=0x1', 'has a `slot-id` that is not a decimal number'],
    ['pkcs11:slot-id=', 'has a `slot-id` that is not a decimal number'],
    ['pkcs11:slot-id=18446744073709551616', 'has a `slot-id` of more than 64 bits'],
    ['pkcs11:library-version=1.2.3', 'has a `library-version` that is not like `2` or `2.40`'],
    ['pkcs11:?pin-value=1&pin-source=a', 'has both `pin-value` and `pin-source`; keep one (RFC 7512 §2.4)'],
    [`pkcs11:token=${'a'.repeat(9000)}`, 'is longer than 8192 characters'],
  ])('%s is refused', (uri, problem) => {
    expect(problemOf(uri)).toBe(problem);
  });

  test('does not show the rest of a PIN that was not percent-encoded', () => {
    for (const uri of [
      'pkcs11:?pin-value=12&secret=3',
      'pkcs11:?pin-value=12&secret',
      'pkcs11:?pin-value=12%secret',
    ])
      expect(problemOf(uri)).not.toContain('secret');
  });

  test('is shown without its query', () => {
    expect(withoutQuery('pkcs11:token=a;id=%01?pin-value=1234?x')).toBe('pkcs11:token=a;id=%01');
  });

  test('is told by its scheme', () => {
    expect(['pkcs11:', 'PKCS11:x', '/pkcs11:x', 'pkcs11'].map(isPkcs11Uri)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('any pkcs11 URI', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !value.includes('\0'));
  const wholeText = text.filter((value) => !/\p{Cs}/u.test(value));

  test('gives the texts back that were percent-encoded into it', () => {
    const names = fc.subarray(Object.keys(TEXT_ATTRIBUTES) as (keyof typeof TEXT_ATTRIBUTES)[]);
    fc.assert(
      fc.property(names, wholeText, (attributes, value) => {
        const path = attributes.map((name) => `${name}=${encodeURIComponent(value)}`).join(';');
        const expected = attributes.map((name) => [TEXT_ATTRIBUTES[name], value] as const);
        expect(parsePkcs11Uri(`pkcs11:${path}`)).toEqual(Object.fromEntries(expected));
      }),
    );
  });

  test('gives the octets of an id, the number of a slot, the type and the PIN back', () => {
    const parts = fc.record({
      id: fc.uint8Array({ maxLength: 40 }),
      slotId: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
      type: fc.constantFrom(...OBJECT_TYPES),
      pinValue: wholeText,
    });
    fc.assert(
      fc.property(parts, ({ id, slotId, type, pinValue }) => {
        const octets = Array.from(id, (octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
        const uri = `pkcs11:id=${octets};slot-id=${slotId};type=${type}?pin-value=${encodeURIComponent(pinValue)}`;
        expect(parsePkcs11Uri(uri)).toEqual({ id, slotId, type, pinValue });
      }),
    );
  });

  test('is read, or refused without its values, whatever stands in it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'token',
        'id',
        'slot-id',
        'pin-value',
        'type',
        '=',
        ';',
        '&',
        '?',
        '%',
        '%41',
        '%ff',
        'x-',
        '0',
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const secret = '5ecret5';
        const problem = problemOf(`pkcs11:${pieces.join('')}?pin-value=${secret}${pieces.join('')}`);
        expect(problem).not.toContain(secret);
      }),
    );
  });

  test('cut off anywhere, is read or refused', () => {
    const uri =
      'pkcs11:token=a%20b;id=%01%02;slot-id=12;library-version=2.40;type=cert?pin-source=file:/a&module-path=/b';
    for (let length = 0; length < uri.length; length += 1)
      expect(typeof problemOf(uri.slice(0, length))).toBe('string');
  });
});
