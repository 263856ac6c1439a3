import { expect, test } from '@jest/globals';
import { secretsOf } from '../../src/protection/secrets.js';

const hex = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString('hex');

test('a passphrase is a BMPString with a terminator, and UTF-8', () => {
  const [secret] = secretsOf('Beavis');
  expect(hex(secret?.bmp)).toBe('0042006500610076006900730000');
  expect(hex(secret?.octets)).toBe(Buffer.from('Beavis').toString('hex'));
});

test('an empty one is two zero octets, or nothing', () => {
  expect(secretsOf('').map(({ bmp, octets }) => [hex(bmp), hex(octets)])).toEqual([
    ['0000', ''],
    ['', ''],
  ]);
});

test('a character beyond the basic plane is a surrogate pair', () => {
  expect(hex(secretsOf('😀')[0]?.bmp)).toBe('d83dde000000');
});

test('the octets of one beyond ASCII may have been widened one by one', () => {
  expect(secretsOf('ä').map(({ bmp }) => hex(bmp))).toContain('00c300a40000');
  expect(new Set(secretsOf('a').map(({ bmp }) => hex(bmp))).size).toBe(1);
});
