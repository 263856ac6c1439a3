import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { HttpRequest } from '@smithy/types';
import { isRolesAnywhereError } from '../../src/errors.js';
import { UNSIGNED_HEADERS, canonicalRequest } from '../../src/sigv4/canonical-request.js';

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

async function lines(changes: Partial<HttpRequest>): Promise<string[]> {
  const request = { method: 'GET', protocol: 'https:', hostname: 'h', path: '/', headers: {}, ...changes };
  return (await canonicalRequest(request)).text.split('\n');
}

describe('the path', () => {
  test.each([
    ['', '/'],
    ['/', '/'],
    ['/sessions', '/sessions'],
    ['/base/path/sessions', '/base/path/sessions'],
    ['sessions', '/sessions'],
    ['//a///b/', '/a/b/'],
    ['/a/./b/../c', '/a/c'],
    ['/../..', '/'],
    ['/a%20b', '/a%2520b'],
    ["/a b!'()*~", '/a%20b%21%27%28%29%2A~'],
    ['/ü', '/%C3%BC'],
  ])('%j is canonical as %s', async (path, canonical) => {
    expect((await lines({ path }))[1]).toBe(canonical);
  });
});

describe('the query', () => {
  test.each([
    [undefined, ''],
    [{}, ''],
    [{ b: '2', a: '1' }, 'a=1&b=2'],
    [{ a: ['2', '1', '10'] }, 'a=1&a=10&a=2'],
    [{ a: 'x=y z+ü' }, 'a=x%3Dy%20z%2B%C3%BC'],
    [{ a: '', b: null }, 'a=&b='],
    [{ 'a b': '*' }, 'a%20b=%2A'],
    [{ B: '1', a: '2' }, 'B=1&a=2'],
  ])('%j is canonical as %s', async (query, canonical) => {
    expect((await lines({ ...(query && { query }) }))[2]).toBe(canonical);
  });
});

describe('headers', () => {
  test('are lower case, sorted, trimmed, with single blanks', async () => {
    const headers = { 'X-B': '  a \t  b ', 'X-A': 'q"  "', 'x-amz-x509-chain': ' QQ== ,\tQg== ' };
    expect((await lines({ headers })).slice(3)).toEqual([
      'x-a:q" "',
      'x-amz-x509-chain:QQ== , Qg==',
      'x-b:a b',
      '',
      'x-a;x-amz-x509-chain;x-b',
      EMPTY,
    ]);
  });

  test('that are not signed each have a reason', () => {
    expect([...UNSIGNED_HEADERS.values()].every((reason) => reason.length > 10)).toBe(true);
    expect([...UNSIGNED_HEADERS.keys()].filter((name) => name.startsWith('amz-sdk'))).toEqual([]);
  });
});

describe('the body', () => {
  const hash = createHash('sha256').update('ü').digest('hex');
  test.each([
    ['absent', undefined, EMPTY],
    ['null', null, EMPTY],
    ['empty', '', EMPTY],
    ['text', 'ü', hash],
    ['bytes', new TextEncoder().encode('ü'), hash],
    ['part of a buffer', new Uint8Array(Buffer.from('xüx')).subarray(1, 3), hash],
    ['an ArrayBuffer', new TextEncoder().encode('ü').slice().buffer, hash],
  ])('%s is hashed', async (_, body, expected) => {
    expect((await lines({ body })).at(-1)).toBe(expected);
  });

  test('is hashed whatever x-amz-content-sha256 says', async () => {
    expect((await lines({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })).at(-1)).toBe(EMPTY);
  });
});

test('a query parameter named __proto__ is refused, not signed as something else', async () => {
  await expect(lines({ query: JSON.parse('{"__proto__":"x"}') })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('__proto__'),
  });
});

test('any request has a canonical form that a line reader can take apart, or is refused by our own error', async () => {
  const text = fc.string({ unit: 'binary' });
  const request = fc.record({
    path: text.map((path) => `/${path}`),
    query: fc.dictionary(text, fc.oneof(text, fc.array(text), fc.constant(null))),
    headers: fc.dictionary(fc.stringMatching(/^[A-Za-z-]{1,20}$/), text),
    body: fc.oneof(text, fc.uint8Array()),
  });
  await fc.assert(
    fc.asyncProperty(request, async (changes) => {
      try {
        const parts = await lines(changes);
        const names = parts.at(-2)?.split(';').filter(Boolean) ?? [];
        expect(parts).toHaveLength(6 + names.length);
        expect(parts.slice(3, 3 + names.length).map((line) => line.split(':')[0])).toEqual(names);
        expect(parts[1]).toMatch(/^\/[A-Za-z0-9%/_.~-]*$/);
        expect(parts[2]).toMatch(/^[A-Za-z0-9%=&_.~-]*$/);
      } catch (error) {
        if (!isRolesAnywhereError(error)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
