import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeResponseCode, describeResponseCode } from '../../src/tpm/response-code.js';

const SEEN = [
  [0x98e, 'TPM_RC_AUTH_FAIL', 'session 1'],
  [0x9a2, 'TPM_RC_BAD_AUTH', 'session 1'],
  [0x18b, 'TPM_RC_HANDLE', 'handle 1'],
  [0x1d5, 'TPM_RC_SIZE', 'parameter 1'],
  [0x1df, 'TPM_RC_INTEGRITY', 'parameter 1'],
  [0x2d2, 'TPM_RC_SCHEME', 'parameter 2'],
  [0x921, 'TPM_RC_LOCKOUT', undefined],
  [0x922, 'TPM_RC_RETRY', undefined],
  [0x902, 'TPM_RC_OBJECT_MEMORY', undefined],
  [0x100, 'TPM_RC_INITIALIZE', undefined],
  [0x101, 'TPM_RC_FAILURE', undefined],
  [0x143, 'TPM_RC_COMMAND_CODE', undefined],
] as const;

for (const [value, symbol, subject] of SEEN) {
  test(`names 0x${value.toString(16)}`, () => {
    expect(decodeResponseCode(value)).toMatchObject({
      value,
      symbol,
      ...(subject === undefined ? {} : { subject }),
    });
    expect(decodeResponseCode(value).subject).toBe(subject);
  });
}

test('tells warnings from errors', () => {
  expect(decodeResponseCode(0x922).isWarning).toBe(true);
  expect(decodeResponseCode(0x121).isWarning).toBe(false);
  expect(decodeResponseCode(0x98e).isWarning).toBe(false);
});

test('names the software that answered in place of the TPM', () => {
  expect(describeResponseCode(decodeResponseCode(0xb0143))).toMatch(
    /TPM_RC_COMMAND_CODE \(0xb0143, from the resource manager\)/,
  );
});

for (const [value, words] of [
  [0xc0008, /TSS2_BASE_RC_NO_CONNECTION \(0xc0008, from the resource manager\)/],
  [0xc0009, /TSS2_BASE_RC_TRY_AGAIN/],
  [0xd000a, /TSS2_BASE_RC_IO_ERROR \(0xd000a, from the TPM driver\)/],
  [0xa7777, /unknown \(0xa7777, from the transmission interface\): a code that is not in the standard/],
  [0xb0902, /TPM_RC_OBJECT_MEMORY \(0xb0902, from the resource manager\)/],
] as const) {
  test(`names 0x${value.toString(16)}, which no TPM sends`, () => {
    expect(describeResponseCode(decodeResponseCode(value))).toMatch(words);
  });
}

test('tells the codes of makers and of TPM 1.2', () => {
  expect(decodeResponseCode(0x500).meaning).toContain('maker');
  expect(decodeResponseCode(0x01e).meaning).toContain('TPM 1.2');
});

test('has a sentence for every code', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffffffff }), (value) => {
      const { symbol, meaning } = decodeResponseCode(value);
      expect(symbol).toMatch(/^(TPM_RC_[A-Z0-9_]+|TSS2_BASE_RC_[A-Z_]+|unknown)$/);
      expect(meaning.length).toBeGreaterThan(5);
    }),
  );
});
