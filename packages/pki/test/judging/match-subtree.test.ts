import { describe, expect, test } from '@jest/globals';
import type { GeneralName } from '../../src/index.js';
import { matchSubtree } from '../../src/judging/match-subtree.js';

const match = (type: GeneralName['type'], name: string, base: string): string =>
  matchSubtree({ type, value: name }, { base: { type, value: base }, hasDistance: false });

describe('a name within a subtree', () => {
  test.each([
    ['dns', 'host.example.com', 'example.com', 'yes'],
    ['dns', 'example.com', 'example.com', 'yes'],
    ['dns', 'EXAMPLE.com', 'example.COM', 'yes'],
    ['dns', 'badexample.com', 'example.com', 'no'],
    ['dns', 'example.com', '.example.com', 'no'],
    ['dns', 'a.example.com', '.example.com', 'yes'],
    ['dns', 'anything', '', 'yes'],
    ['email', 'user@example.com', 'example.com', 'yes'],
    ['email', 'user@host.example.com', 'example.com', 'no'],
    ['email', 'user@host.example.com', '.example.com', 'yes'],
    ['email', 'user@example.com', 'user@example.com', 'yes'],
    ['email', 'User@example.com', 'user@example.com', 'no'],
    ['email', 'user@EXAMPLE.com', 'user@example.com', 'yes'],
    ['email', 'user', 'example.com', 'unsupported'],
    ['uri', 'https://example.com/path', 'example.com', 'yes'],
    ['uri', 'https://user@example.com:8443?q', 'example.com', 'yes'],
    ['uri', 'https://a.example.com', 'example.com', 'no'],
    ['uri', 'https://a.example.com', '.example.com', 'yes'],
    ['uri', 'https://evil.org/.example.com', '.example.com', 'no'],
    ['uri', 'urn:a:b', 'example.com', 'unsupported'],
    ['ip', '10.1.2.3', '10.0.0.0/255.0.0.0', 'yes'],
    ['ip', '11.1.2.3', '10.0.0.0/255.0.0.0', 'no'],
    ['ip', '::1', '0.0.0.0/0.0.0.0', 'no'],
    ['ip', '2001:db8::1', '2001:db8::/ffff:ffff::', 'yes'],
    ['other', 'a0', 'a0', 'unsupported'],
    ['other', 'a0', '88', 'otherType'],
  ] as const)('%s %s in %s: %s', (...[type, name, base, expected]) => {
    expect(match(type, name, base)).toBe(expected);
  });

  test('another type is another matter', () => {
    const subtree = { base: { type: 'dns', value: '' }, hasDistance: false } as const;
    expect(matchSubtree({ type: 'uri', value: 'https://example.com' }, subtree)).toBe('otherType');
  });

  test('a distance is not supported', () => {
    const subtree = { base: { type: 'dns', value: '' }, hasDistance: true } as const;
    expect(matchSubtree({ type: 'dns', value: 'example.com' }, subtree)).toBe('unsupported');
  });
});
