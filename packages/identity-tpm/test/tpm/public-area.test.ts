import { X509Certificate, createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { subjectPublicKey } from '../../src/key/subject-public-key.js';
import { readTss2Pem } from '../../src/key/tss2-pem.js';
import { parseTss2Key } from '../../src/key/tss2-key.js';
import { nameOf, parsePublicArea } from '../../src/tpm/public-area.js';
import { STORAGE_TEMPLATES } from '../../src/tpm/storage-templates.js';
import { recorded } from '../support/recordings.js';

const FILES = ['key-file-p256', 'key-file-p384', 'key-file-rsa', 'tools-rsa-parent'] as const;

function publicAreaOf(name: string): Uint8Array {
  return parseTss2Key(readTss2Pem(Buffer.from(recorded(name).keyFile ?? ''), name), name).publicArea;
}

for (const name of FILES) {
  test(`gives the public key of the certificate for ${name}`, () => {
    const area = parsePublicArea(publicAreaOf(name));
    if (area === undefined) throw new Error('no public area');
    const expected = new X509Certificate(recorded(name).certificate).publicKey;
    const found = createPublicKey({
      key: Buffer.from(subjectPublicKey(area.key)),
      format: 'der',
      type: 'spki',
    });
    expect(found.equals(expected)).toBe(true);
    expect(nameOf(area)).toMatch(/^000b[0-9a-f]{64}$/);
  });
}

test('pads a coordinate that begins with zeros and was sent without them', () => {
  const [curve, x] = [3, Buffer.alloc(31, 1)];
  // Not a point of the curve; node:crypto says so only when the lengths are right.
  expect(() => subjectPublicKey({ type: 'ECC', curve, x, y: x })).toThrow(/JWK|point|EC key/i);
  expect(() => subjectPublicKey({ type: 'ECC', curve, x: Buffer.alloc(33), y: x })).toThrow(/wrong length/);
});

function isReadOrRefused(bytes: Uint8Array): boolean {
  try {
    parsePublicArea(bytes);
    return true;
  } catch (error) {
    return error instanceof RangeError;
  }
}

test('reads its own storage templates', () => {
  // Those of RSA keys have no modulus yet, but for that of the provisioning guidance, which has zeros.
  const kinds = STORAGE_TEMPLATES.map(({ bytes }) => {
    try {
      return parsePublicArea(bytes)?.key.type;
    } catch (error) {
      return String(error);
    }
  });
  const without = expect.stringContaining('modulus');
  expect(kinds).toEqual(['ECC', 'ECC', 'ECC', without, without, 'RSA']);
});

test('leaves objects that are no asymmetric key undecided', () => {
  expect(parsePublicArea(Buffer.from('0008000b000000000000', 'hex'))).toBeUndefined();
});

test('ends every cut and every change of a public area in a RangeError or an area', () => {
  const areas = FILES.map(publicAreaOf);
  for (const area of areas)
    for (let length = 0; length < area.length; length += 1)
      expect(() => parsePublicArea(area.subarray(0, length))).toThrow(RangeError);
  fc.assert(
    fc.property(fc.constantFrom(...areas), fc.nat(), fc.nat(255), (area, place, value) => {
      const bytes = Buffer.from(area);
      bytes[place % bytes.length] = value;
      expect(isReadOrRefused(bytes)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
