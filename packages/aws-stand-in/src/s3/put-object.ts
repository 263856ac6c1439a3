import { createHash } from 'node:crypto';

import { emptyAnswer } from './answers.js';
import { bucketOf } from './bucket-operations.js';
import { checksumHeaders, verifyChecksums } from './checksum.js';
import type { S3Call, S3Operation } from './s3-call.js';
import { s3Error } from './s3-error.js';
import type { StoredObject } from './store.js';

/** @see Amazon S3 API Reference, "PutObject" */
export const putObject: S3Operation = (call) => {
  const bucket = bucketOf(call);
  const checksums = verifyChecksums(call);
  checkWriteConditions(call, bucket.objects.get(call.key));
  const etag = etagOf(call.payload);
  bucket.objects.set(call.key, {
    key: call.key,
    body: call.payload,
    etag,
    lastModified: call.now,
    headers: keptHeaders(call),
    checksums,
  });
  return emptyAnswer(200, { etag, ...checksumHeaders(checksums) });
};

/** The MD5 of a body in hex and quotation marks. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** Headers of a write that every read of the object gives back. */
export function keptHeaders({ headers }: S3Call): Readonly<Record<string, string>> {
  const kept = headers.filter(([name]) => KEPT.has(name) || name.startsWith('x-amz-meta-'));
  const encoding = kept
    .filter(([name]) => name === 'content-encoding')
    .flatMap(([, value]) => value.split(',').map((coding) => coding.trim()))
    .filter((value) => value !== 'aws-chunked' && value !== '')
    .join(',');
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept.filter(([name]) => name !== 'content-encoding')),
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
  };
}

/** `If-None-Match: *` writes only what is new, `If-Match` only over what the caller knows. */
export function checkWriteConditions(call: S3Call, existing: StoredObject | undefined): void {
  const match = call.header('if-match');
  const isRefused =
    (call.header('if-none-match') === '*' && existing !== undefined) ||
    (match !== undefined && match !== existing?.etag);
  if (isRefused)
    throw s3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}

const KEPT: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
]);
