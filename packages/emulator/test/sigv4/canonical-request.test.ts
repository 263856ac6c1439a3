import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import type { RawRequest } from '../../src/http.js';
import { canonicalRequest } from '../../src/sigv4/canonical-request.js';

const EMPTY = createHash('sha256').digest('hex');

const requestOf = (parts: Partial<RawRequest>): RawRequest => ({
  method: 'GET',
  target: '/',
  rawHeaders: [['Host', 'example.amazonaws.com']],
  body: new Uint8Array(),
  ...parts,
});

const lines = (parts: Partial<RawRequest>, doubleEncodePath = true) =>
  canonicalRequest(requestOf(parts), { signedHeaders: ['host'], doubleEncodePath }).split('\n');
const pathOf = (target: string) => lines({ target })[1];
const s3PathOf = (target: string) => lines({ target }, false)[1];
const queryOf = (query: string) => lines({ target: `/?${query}` })[2];
const headerOf = (...values: string[]) =>
  canonicalRequest(requestOf({ rawHeaders: values.map((value) => ['My-Header', value] as const) }), {
    signedHeaders: ['my-header'],
  }).split('\n')[3];

test('the six parts stand in six places', () => {
  const request = requestOf({
    method: 'POST',
    target: '/sessions?b=2&a=1',
    rawHeaders: [
      ['X-Amz-Date', '20150830T123600Z'],
      ['User-Agent', 'unsigned'],
      ['HOST', 'example.amazonaws.com'],
    ],
    body: Buffer.from('x'),
  });
  expect(canonicalRequest(request, { signedHeaders: ['x-amz-date', 'host'] })).toBe(
    [
      'POST',
      '/sessions',
      'a=1&b=2',
      'host:example.amazonaws.com',
      'x-amz-date:20150830T123600Z',
      '',
      'host;x-amz-date',
      createHash('sha256').update('x').digest('hex'),
    ].join('\n'),
  );
});

test('an empty body has the hash of nothing, and a payload hash given takes its place', () => {
  expect(lines({}).at(-1)).toBe(EMPTY);
  const options = { signedHeaders: ['host'], payloadHash: 'UNSIGNED-PAYLOAD' };
  expect(canonicalRequest(requestOf({}), options).split('\n').at(-1)).toBe('UNSIGNED-PAYLOAD');
});

test('a path given takes the place of the one in the target, and the query stays', () => {
  const options = { signedHeaders: ['host'], path: '/sessions' };
  const text = canonicalRequest(requestOf({ target: '/emulator/sessions?a=1' }), options);
  expect(text.split('\n').slice(1, 3)).toEqual(['/sessions', 'a=1']);
});

describe('the path', () => {
  test.each([
    ['/', '/'],
    ['', '/'],
    ['?a=1', '/'],
    ['//', '/'],
    ['/.', '/'],
    ['/./', '/'],
    ['/a//b', '/a/b'],
    ['/a/', '/a/'],
    ['/a//', '/a/'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a/b/../..', '/'],
    ['/a/..', '/'],
    ['/a/b/..', '/a/'],
    ['/../../a', '/a'],
    ['/...', '/...'],
    ['/%2e%2e/a', '/%252e%252e/a'],
    ['/a%20b', '/a%2520b'],
    ['/a%2Fb', '/a%252Fb'],
    ['/a b', '/a%20b'],
    ['/-._~0aZ', '/-._~0aZ'],
    ['/a+b=c', '/a%2Bb%3Dc'],
    ['/100%', '/100%25'],
    ['/%zz', '/%25zz'],
    ['/\u00e1\u0088\u00b4', '/%E1%88%B4'],
    ['/ሴ', '/%E1%88%B4'],
    ['http://host/a', '/a'],
    ['https://user@host:8443/a/b?c=d', '/a/b'],
    ['http://host', '/'],
    ['http://host?a=1', '/'],
    ['*', '/%2A'],
    ['/a#b', '/a%23b'],
  ])('%p becomes %p', (target, path) => {
    expect(pathOf(target)).toBe(path);
  });

  test.each([
    ['/', '/'],
    ['', '/'],
    ['/bucket/a%20b', '/bucket/a%20b'],
    ['/bucket/a b', '/bucket/a%20b'],
    ['/bucket//a/./b/../c', '/bucket//a/./b/../c'],
    ['/bucket/%c3%bc', '/bucket/%C3%BC'],
    ['/bucket/\u00c3\u00bc', '/bucket/%C3%BC'],
    ['/bucket/a+b', '/bucket/a%2Bb'],
    ['/bucket/a%2Bb', '/bucket/a%2Bb'],
    ['/bucket/a%2Fb', '/bucket/a/b'],
    ["/bucket/!*'()", '/bucket/%21%2A%27%28%29'],
    ['/bucket/100%', '/bucket/100%25'],
    ['/bucket/%%41%4', '/bucket/%25A%254'],
    ['/bucket/%ff%fe', '/bucket/%FF%FE'],
  ])('%p of S3 becomes %p', (target, path) => {
    expect(s3PathOf(target)).toBe(path);
  });
});

describe('the query', () => {
  test.each([
    ['', ''],
    ['a=1', 'a=1'],
    ['a', 'a='],
    ['a=', 'a='],
    ['=', '='],
    ['=1', '=1'],
    ['&&a=1&', 'a=1'],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a=&a=1&a', 'a=&a=&a=1'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=b%3Dc', 'a=b%3Dc'],
    ['a=%7e%41', 'a=~A'],
    ['a=x%2fy/z', 'a=x%2Fy%2Fz'],
    ['a=b%20c', 'a=b%20c'],
    ['a=b+c', 'a=b%2Bc'],
    ['a=b c', 'a=b%20c'],
    ['a?b=c?d', 'a%3Fb=c%3Fd'],
    ['A=1&a=2&B=3', 'A=1&B=3&a=2'],
    ['a-b=1&a=2', 'a=2&a-b=1'],
    ['a1=1&a=2&a%2B=3', 'a=2&a%2B=3&a1=1'],
    ['%E1%88%B4=bar', '%E1%88%B4=bar'],
    ['ሴ=bar', '%E1%88%B4=bar'],
    ['a=%', 'a=%25'],
    ['a=%4', 'a=%254'],
    ['a=%ff%00', 'a=%FF%00'],
    ['a=1;b=2', 'a=1%3Bb%3D2'],
  ])('%p becomes %p', (query, canonical) => {
    expect(queryOf(query)).toBe(canonical);
  });
});

describe('a header', () => {
  test.each([
    [['value'], 'value'],
    [['  value  '], 'value'],
    [['a   b   c'], 'a b c'],
    [['a \t b'], 'a b'],
    [['"a   b"'], '"a b"'],
    [[''], ''],
    [['value4', 'value1', 'value3', 'value2'], 'value4,value1,value3,value2'],
    [[' a ', ' b  c '], 'a,b c'],
    [['a, b'], 'a, b'],
    [['value1\r\n  value2\r\n     value3'], 'value1 value2 value3'],
    [['\u00c3\u00bc'], 'ü'],
    [['\u00fc'], 'ü'],
    [['ሴ'], 'ሴ'],
  ])('of %p becomes %p', (values, canonical) => {
    expect(headerOf(...values)).toBe(`my-header:${canonical}`);
  });

  test('that is signed but not there is empty', () => {
    const text = canonicalRequest(requestOf({}), { signedHeaders: ['host', 'x-missing'] });
    expect(text.split('\n').slice(3, 7)).toEqual([
      'host:example.amazonaws.com',
      'x-missing:',
      '',
      'host;x-missing',
    ]);
  });
});

test('any target, header and body gives a canonical request in ASCII but for header values', () => {
  const text = fc.string({ unit: 'binary', maxLength: 100 });
  fc.assert(
    fc.property(text, text, fc.boolean(), (target, value, doubleEncodePath) => {
      const request = requestOf({ target, rawHeaders: [['Host', value]] });
      const options = { signedHeaders: ['host'], doubleEncodePath };
      const [, path = '', query = ''] = canonicalRequest(request, options).split('\n');
      expect(path).toMatch(/^[A-Za-z0-9._~%/-]+$/);
      expect(query).toMatch(/^[A-Za-z0-9._~%&=-]*$/);
    }),
    { numRuns: 500 },
  );
});

const encodeAll = (text: string) =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

test('encoding a name or value in any legal way gives one canonical query', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 5 }), (pairs) => {
      const named = pairs.filter(([name]) => name !== '');
      const usual = named.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
      const full = named.map(([name, value]) => `${encodeAll(name)}=${encodeAll(value)}`).toReversed();
      expect(queryOf(full.join('&'))).toBe(queryOf(usual.join('&')));
    }),
  );
});

test.each([
  ['percent signs', `/${'%'.repeat(100_000)}`],
  ['escapes', `/${'%41'.repeat(40_000)}`],
  ['mixed escapes', `/${'%41a'.repeat(30_000)}`],
  ['slashes', '/'.repeat(100_000)],
  ['parameters', `/?${'a&'.repeat(50_000)}`],
  ['characters beyond Latin-1', `/${'ሴ'.repeat(30_000)}`],
])('100 KB of %s are put in canonical form', (_, target) => {
  expect(lines({ target })).toHaveLength(7);
  expect(lines({ target }, false)).toHaveLength(7);
});

test('thousands of signed names and headers are put together', () => {
  const signedHeaders = Array.from({ length: 4500 }, (_, index) => `h${index}`);
  const rawHeaders = Array.from({ length: 18_000 }, (_, index) => [`H${index % 6000}`, 'x'] as const);
  const canonical = canonicalRequest(requestOf({ rawHeaders }), { signedHeaders });
  expect(canonical).toContain('\nh4499:x,x,x\n');
});
