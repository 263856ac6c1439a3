import { emptyAnswer } from './answers.js';
import { bucketOf } from './bucket-operations.js';
import { byteRange } from './byte-range.js';
import { checksumHeaders } from './checksum.js';
import type { S3Call, S3Operation } from './s3-call.js';
import { noSuchKey, s3Error } from './s3-error.js';
import type { StoredObject } from './store.js';

/** GetObject and HeadObject: the server drops the body of the latter. @see Amazon S3 API Reference, "GetObject" */
export const readObject: S3Operation = (call) => {
  const object = bucketOf(call).objects.get(call.key);
  if (!object) throw noSuchKey(call.key);
  const headers = {
    ...object.headers,
    ...overrides(call),
    etag: object.etag,
    'last-modified': object.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (isUnchanged(call, object)) return emptyAnswer(304, headers);
  const range = byteRange(call.header('range'), object.body.length);
  if (range === 'unsatisfiable') throw s3Error(416, 'InvalidRange', 'The requested range is not satisfiable');
  if (range) {
    const contentRange = `bytes ${range.start}-${range.end}/${object.body.length}`;
    const body = object.body.subarray(range.start, range.end + 1);
    return { status: 206, headers: { ...headers, 'content-range': contentRange }, body };
  }
  const wantsChecksums = call.header('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  const checksums = wantsChecksums ? checksumHeaders(object.checksums) : {};
  return { status: 200, headers: { ...headers, ...checksums }, body: object.body };
};

/** The conditions of RFC 9110 section 13.2.2, in its order. @throws ServiceError `PreconditionFailed` */
function isUnchanged(call: S3Call, object: StoredObject): boolean {
  const match = call.header('if-match');
  const noneMatch = call.header('if-none-match');
  const modified = Math.floor(object.lastModified.getTime() / 1000) * 1000;
  const unmodifiedSince = Date.parse(call.header('if-unmodified-since') ?? '');
  const isStale = match === undefined ? modified > unmodifiedSince : !isListed(match, object.etag);
  if (isStale)
    throw s3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  if (noneMatch !== undefined) return isListed(noneMatch, object.etag);
  return modified <= Date.parse(call.header('if-modified-since') ?? '');
}

function isListed(list: string, etag: string): boolean {
  return list
    .split(',')
    .some((item) => item.trim() === '*' || item.trim().replaceAll('"', '') === etag.slice(1, -1));
}

/** `response-content-type` and the like, in presigned URLs mostly. */
function overrides({ parameters }: S3Call): Readonly<Record<string, string>> {
  const given = [...parameters].filter(([name]) => name.startsWith('response-'));
  return Object.fromEntries(given.map(([name, value]) => [name.replace('response-', ''), value]));
}
