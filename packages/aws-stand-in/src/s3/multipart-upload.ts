import { createHash } from 'node:crypto';

import { children, childText, parseXml, type XmlNode } from '../xml.js';
import { emptyAnswer, xmlAnswer, xmlDate } from './answers.js';
import { bucketOf } from './bucket-operations.js';
import {
  CHECKSUM_ALGORITHMS,
  checksumHeaders,
  checksumOf,
  givenChecksums,
  verifyChecksums,
} from './checksum.js';
import { checkWriteConditions, etagOf, keptHeaders } from './put-object.js';
import type { S3Call, S3Operation } from './s3-call.js';
import { invalidArgument, malformedXml, s3Error } from './s3-error.js';
import type { StoredPart, Upload } from './store.js';

/** @see Amazon S3 API Reference, "CreateMultipartUpload" */
export const createMultipartUpload: S3Operation = (call) => {
  const bucket = bucketOf(call);
  const uploadId = Buffer.from(call.context.random(24)).toString('base64url');
  bucket.uploads.set(uploadId, {
    key: call.key,
    initiated: call.now,
    headers: keptHeaders(call),
    parts: new Map(),
  });
  return xmlAnswer('InitiateMultipartUploadResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: uploadId,
  });
};

/** @see Amazon S3 API Reference, "UploadPart" */
export const uploadPart: S3Operation = (call) => {
  const upload = uploadOf(call);
  const number = call.parameters.get('partNumber') ?? '';
  if (!/^[1-9]\d{0,4}$/.test(number) || Number(number) > 10_000)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
  const checksums = verifyChecksums(call);
  const etag = etagOf(call.payload);
  upload.parts.set(Number(number), { body: call.payload, etag, lastModified: call.now, checksums });
  return emptyAnswer(200, { etag, ...checksumHeaders(checksums) });
};

/** @see Amazon S3 API Reference, "CompleteMultipartUpload" */
export const completeMultipartUpload: S3Operation = (call) => {
  const bucket = bucketOf(call);
  const upload = uploadOf(call);
  checkWriteConditions(call, bucket.objects.get(call.key));
  const parts = wantedParts(call, upload);
  const body = Buffer.concat(parts.map((part) => part.body));
  checkWholeChecksum(call, body);
  const md5s = parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), 'hex'));
  const etag = `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-${parts.length}"`;
  bucket.objects.set(call.key, {
    key: call.key,
    body,
    etag,
    lastModified: call.now,
    headers: upload.headers,
    checksums: new Map(),
  });
  bucket.uploads.delete(call.parameters.get('uploadId') ?? '');
  return xmlAnswer('CompleteMultipartUploadResult', {
    Location: `/${call.bucket}/${encodeURI(call.key)}`,
    Bucket: call.bucket,
    Key: call.key,
    ETag: etag,
  });
};

/** @see Amazon S3 API Reference, "AbortMultipartUpload" */
export const abortMultipartUpload: S3Operation = (call) => {
  uploadOf(call);
  bucketOf(call).uploads.delete(call.parameters.get('uploadId') ?? '');
  return emptyAnswer(204);
};

/** All parts on one page. @see Amazon S3 API Reference, "ListParts" */
export const listParts: S3Operation = (call) => {
  const upload = uploadOf(call);
  return xmlAnswer('ListPartsResult', {
    Bucket: call.bucket,
    Key: call.key,
    UploadId: call.parameters.get('uploadId'),
    IsTruncated: 'false',
    Part: [...upload.parts]
      .toSorted(([a], [b]) => a - b)
      .map(([number, part]) => ({
        PartNumber: String(number),
        LastModified: xmlDate(part.lastModified),
        ETag: part.etag,
        Size: String(part.body.length),
      })),
  });
};

/** All uploads on one page. @see Amazon S3 API Reference, "ListMultipartUploads" */
export const listMultipartUploads: S3Operation = (call) =>
  xmlAnswer('ListMultipartUploadsResult', {
    Bucket: call.bucket,
    IsTruncated: 'false',
    Upload: [...bucketOf(call).uploads]
      .filter(([, { key }]) => key.startsWith(call.parameters.get('prefix') ?? ''))
      .map(([uploadId, { key, initiated }]) => ({
        Key: key,
        UploadId: uploadId,
        Initiated: xmlDate(initiated),
      })),
  });

function uploadOf(call: S3Call): Upload {
  const upload = bucketOf(call).uploads.get(call.parameters.get('uploadId') ?? '');
  if (upload?.key === call.key) return upload;
  throw s3Error(404, 'NoSuchUpload', 'The specified multipart upload does not exist.');
}

/** The parts the caller names, in its order, which must be ascending. All but the last are at least 5 MiB. */
function wantedParts(call: S3Call, upload: Upload): readonly StoredPart[] {
  const request = parseXml(call.payload, { root: 'CompleteMultipartUpload', lists: ['Part'] });
  const named = children(request, 'Part').map((part) => ({ part, number: partNumber(part) }));
  if (named.length === 0) throw malformedXml();
  return named.map(({ part, number }, index) => {
    const stored = upload.parts.get(number);
    const etag = (childText(part, 'ETag') ?? '').trim().replaceAll('"', '');
    if (!stored || stored.etag !== `"${etag}"` || !hasChecksums(stored, part))
      throw s3Error(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    if (index > 0 && (named[index - 1]?.number ?? 0) >= number)
      throw s3Error(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    if (index < named.length - 1 && stored.body.length < 5_242_880)
      throw s3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    return stored;
  });
}

/** Whether a part has every checksum that the caller names for it, `ChecksumCRC32` and the like. */
function hasChecksums(stored: StoredPart, named: XmlNode): boolean {
  return CHECKSUM_ALGORITHMS.every((algorithm) => {
    const given = childText(named, `Checksum${algorithm.toUpperCase()}`)?.trim();
    return given === undefined || given === checksumOf(algorithm, stored.body);
  });
}

function partNumber(part: XmlNode): number {
  return Number((childText(part, 'PartNumber') ?? '').trim() || Number.NaN);
}

/** A checksum over all parts' checksums is not recomputed; one of the whole object is. */
function checkWholeChecksum(call: S3Call, body: Uint8Array): void {
  const given = [...givenChecksums(call)];
  const isWhole = call.header('x-amz-checksum-type') === 'FULL_OBJECT';
  if (isWhole && given.some(([algorithm, value]) => checksumOf(algorithm, body) !== value))
    throw s3Error(400, 'BadDigest', 'The checksum you specified did not match the whole object.');
}
