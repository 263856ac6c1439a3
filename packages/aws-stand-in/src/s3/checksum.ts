import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { crc32c } from './crc32c.js';
import { crc64nvme } from './crc64nvme.js';
import type { S3Call } from './s3-call.js';
import { invalidArgument, s3Error } from './s3-error.js';

/** Those of S3, in the form of the header `x-amz-checksum-…`. */
export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;

/** As in the header `x-amz-checksum-…`. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** The checksum of a body in base64, big-endian, as S3 writes it. */
export function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  return Buffer.from(DIGESTS[algorithm](body)).toString('base64');
}

/**
 * Checks everything a request says about its body: `Content-MD5` and each `x-amz-checksum-…`, in a header or in a
 * trailer.
 *
 * @returns the checksums that were given, to be kept with the object
 * @throws ServiceError `BadDigest`, `InvalidDigest`, `InvalidArgument`
 * @see Amazon S3 User Guide, "Checking object integrity"
 */
export function verifyChecksums(call: S3Call): ReadonlyMap<ChecksumAlgorithm, string> {
  const md5 = call.header('content-md5');
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16)
    throw s3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (md5 !== undefined && md5 !== createHash('md5').update(call.payload).digest('base64'))
    throw s3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const given = givenChecksums(call);
  for (const [algorithm, value] of given)
    if (checksumOf(algorithm, call.payload) !== value)
      throw s3Error(
        400,
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match what we received.`,
      );
  return given;
}

/** The `x-amz-checksum-…` headers and trailers of a request. */
export function givenChecksums(call: S3Call): ReadonlyMap<ChecksumAlgorithm, string> {
  const given = CHECKSUM_ALGORITHMS.flatMap((algorithm): [ChecksumAlgorithm, string][] => {
    const name = `x-amz-checksum-${algorithm}`;
    const value = call.header(name) ?? call.trailers.get(name);
    return value === undefined ? [] : [[algorithm, value]];
  });
  if (given.length > 1)
    throw invalidArgument(
      'Expecting a single x-amz-checksum- header. Multiple checksum types are not allowed.',
    );
  return new Map(given);
}

/** Checksums as headers of an answer. */
export function checksumHeaders(
  checksums: ReadonlyMap<ChecksumAlgorithm, string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries([...checksums].map(([name, value]) => [`x-amz-checksum-${name}`, value]));
}

const DIGESTS: Readonly<Record<ChecksumAlgorithm, (body: Uint8Array) => Uint8Array>> = {
  crc32: (body) => uint32(crc32(body)),
  crc32c: (body) => uint32(crc32c(body)),
  crc64nvme,
  sha1: (body) => createHash('sha1').update(body).digest(),
  sha256: (body) => createHash('sha256').update(body).digest(),
};

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
