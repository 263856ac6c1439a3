import { describe, expect, test } from '@jest/globals';

import { checksumOf, type ChecksumAlgorithm } from '../src/s3/checksum.js';

/** The check values of the CRC catalogue, over the nine digits. */
const digits = Buffer.from('123456789');

describe('the checksum', () => {
  test.each<[ChecksumAlgorithm, string]>([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ])('%s of the digits is the published one', (algorithm, hex) => {
    expect(Buffer.from(checksumOf(algorithm, digits), 'base64').toString('hex')).toBe(hex);
  });

  test.each<[ChecksumAlgorithm, string]>([
    ['crc32', 'AAAAAA=='],
    ['crc32c', 'AAAAAA=='],
    ['crc64nvme', 'AAAAAAAAAAA='],
  ])('%s of nothing is zero', (algorithm, value) => {
    expect(checksumOf(algorithm, new Uint8Array())).toBe(value);
  });
});
