import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodePem, pemBlocks } from '../../src/pem/pem-blocks.js';

describe('PEM blocks', () => {
  test('any bytes come back from their text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (der) => {
        const [block] = pemBlocks(encodePem('CERTIFICATE', der), ['CERTIFICATE']);
        expect(Buffer.from(block?.der ?? []).equals(der)).toBe(true);
      }),
    );
  });

  test('lines have at most 64 characters', () => {
    const lines = encodePem('X509 CRL', new Uint8Array(200)).split('\n');
    expect(lines.slice(1, -3).every(({ length }) => length === 64)).toBe(true);
    expect(lines[0]).toBe('-----BEGIN X509 CRL-----');
  });

  test('text before, between and after is passed over, and so are other labels', () => {
    const text = `subject=CN\n${encodePem('A', Uint8Array.of(1))}\nnote\n${encodePem('B', Uint8Array.of(2))}${encodePem('A', Uint8Array.of(3))}bye`;
    expect(pemBlocks(text, ['A']).map(({ der }) => Array.from(der))).toEqual([[1], [3]]);
  });

  test('carriage returns and missing final line feeds do no harm', () => {
    const text = encodePem('A', Uint8Array.of(1, 2, 3))
      .replaceAll('\n', '\r\n')
      .trimEnd();
    expect(pemBlocks(text, ['A'])).toHaveLength(1);
  });

  test.each([
    ['no end line', '-----BEGIN A-----\nAQID\n'],
    ['another end line', '-----BEGIN A-----\nAQID\n-----END B-----\n'],
    ['a character that is not base64', '-----BEGIN A-----\nAQ*D\n-----END A-----\n'],
    ['base64 that is cut', '-----BEGIN A-----\nAQI\n-----END A-----\n'],
    ['padding in the middle', '-----BEGIN A-----\nAQ==AQID\n-----END A-----\n'],
    ['a block inside the block', '-----BEGIN A-----\n-----BEGIN A-----\nAQID\n-----END A-----\n'],
  ])('a block with %s is refused', (_, text) => {
    expect(() => pemBlocks(text, ['A'])).toThrow(/the block "A"/);
  });
});
