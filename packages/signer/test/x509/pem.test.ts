import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { PemError, formatPem, parsePem } from '../../src/x509/pem.js';
import { toPem } from '../support/issue.js';

const der = Uint8Array.from({ length: 100 }, (_, index) => index);
const pem = toPem('CERTIFICATE', der);
const block = { label: 'CERTIFICATE', headers: [], der };

describe('a block is found', () => {
  test.each([
    ['as written', pem],
    ['after a byte order mark', `\ufeff${pem}`],
    ['with CRLF', pem.replaceAll('\n', '\r\n')],
    ['with lone CR', pem.replaceAll('\n', '\r')],
    ['with blanks at line ends', pem.replaceAll('\n', ' \t\n')],
    ['with text around it', `subject=CN=x\n\n${pem}\nBag Attributes\n`],
    ['with the two characters \\n for line ends', pem.replaceAll('\n', String.raw`\n`)],
    ['on one line', pem.replaceAll('\n', ' ')],
    ['without a final newline', pem.trimEnd()],
  ])('%s', (_, text) => {
    expect(parsePem(text)).toEqual([block]);
    expect(parsePem(Buffer.from(text))).toEqual([block]);
  });

  test('in UTF-16, as some shells write it', () => {
    expect(parsePem(Buffer.from(`\ufeff${pem}`, 'utf16le'))).toEqual([block]);
    expect(parsePem(Buffer.from(`\ufeff${pem}`, 'utf16le').swap16())).toEqual([block]);
  });
});

test('blocks come in their order', () => {
  expect(parsePem(`${toPem('A', der)}text${toPem('B', der)}`).map(({ label }) => label)).toEqual(['A', 'B']);
});

test('header lines are kept apart and written back', () => {
  const headers = ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,00'];
  const text = pem.replace('-----\n', `-----\n${headers.join('\n')}\n\n`);
  expect(parsePem(text)).toEqual([{ ...block, headers }]);
  expect(formatPem({ ...block, headers })).toBe(text);
});

test.each([
  ['without an END line', pem.slice(0, 100)],
  ['with another block inside', `-----BEGIN CERTIFICATE-----\nAAAA\n${pem}`],
  ['that is not base64', pem.replace('AAEC', 'A*EC')],
  ['whose BEGIN line is cut off', '-----BEGIN CERTI'],
  ['with another END line', pem.replace('END CERTIFICATE', 'END KEY')],
])('a block %s is refused', (_, text) => {
  expect(() => parsePem(text)).toThrow(PemError);
});

test('text without a block holds none', () => {
  expect(parsePem('hello')).toEqual([]);
});

test('any bytes and any text give blocks or a PemError', () => {
  const begin = fc.constantFrom('-----BEGIN ', '-----END ', '-----', 'CERTIFICATE', '\n', 'AAAA', ':', ' ');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(begin).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.oneof(text, fc.uint8Array()), (input) => {
      expect(outcomeOf(input)).toMatch(/^(blocks|PemError)$/);
    }),
    { numRuns: 1000 },
  );
});

function outcomeOf(input: string | Uint8Array): string {
  try {
    return Array.isArray(parsePem(input)) ? 'blocks' : 'something else';
  } catch (error) {
    return error instanceof PemError ? 'PemError' : String(error);
  }
}

test('any block survives being written and read', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z0-9]{1,10}$/), fc.uint8Array({ maxLength: 500 }), (label, bytes) => {
      expect(parsePem(formatPem({ label, headers: [], der: bytes }))).toEqual([
        { label, headers: [], der: bytes },
      ]);
    }),
  );
});

test('a megabyte of BEGIN lines is refused at once', () => {
  const started = performance.now();
  expect(() => parsePem('-----BEGIN CERTIFICATE-----\n'.repeat(40_000))).toThrow(PemError);
  expect(performance.now() - started).toBeLessThan(1000);
});
