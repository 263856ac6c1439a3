import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './bucket-operations.js';
import { deleteObject, deleteObjects } from './delete-objects.js';
import { listObjects, listObjectsV2 } from './list-objects.js';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './multipart-upload.js';
import { putObject } from './put-object.js';
import { readObject } from './read-object.js';
import type { S3Call, S3Operation } from './s3-call.js';
import { s3Error } from './s3-error.js';

/** An operation and the permission it needs. */
export interface Route {
  /** Absent where each key is asked for on its own. */
  readonly action?: string;
  readonly operation: S3Operation;
}

/** What a route is chosen by: on what, how, and with which of the parameters that name an operation. */
type RouteTable = Readonly<Record<string, Route | undefined>>;

const ROUTES: RouteTable = {
  'service GET': { action: 's3:ListAllMyBuckets', operation: listBuckets },
  'bucket PUT': { action: 's3:CreateBucket', operation: createBucket },
  'bucket HEAD': { action: 's3:ListBucket', operation: headBucket },
  'bucket DELETE': { action: 's3:DeleteBucket', operation: deleteBucket },
  'bucket GET': { action: 's3:ListBucket', operation: listObjects },
  'bucket GET list-type': { action: 's3:ListBucket', operation: listObjectsV2 },
  'bucket GET location': { action: 's3:GetBucketLocation', operation: getBucketLocation },
  'bucket GET uploads': { action: 's3:ListBucketMultipartUploads', operation: listMultipartUploads },
  'bucket POST delete': { operation: deleteObjects },
  'object GET': { action: 's3:GetObject', operation: readObject },
  'object HEAD': { action: 's3:GetObject', operation: readObject },
  'object PUT': { action: 's3:PutObject', operation: putObject },
  'object DELETE': { action: 's3:DeleteObject', operation: deleteObject },
  'object POST uploads': { action: 's3:PutObject', operation: createMultipartUpload },
  'object PUT partNumber uploadId': { action: 's3:PutObject', operation: uploadPart },
  'object POST uploadId': { action: 's3:PutObject', operation: completeMultipartUpload },
  'object GET uploadId': { action: 's3:ListMultipartUploadParts', operation: listParts },
  'object DELETE uploadId': { action: 's3:AbortMultipartUpload', operation: abortMultipartUpload },
};

/** Parameters that choose the operation, in alphabetical order. */
const SELECTORS = ['delete', 'list-type', 'location', 'partNumber', 'uploadId', 'uploads'] as const;

/** Parameters an operation reads, or that mean nothing here. */
const MODIFIERS: ReadonlySet<string> = new Set([
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'fetch-owner',
  'encoding-type',
  'marker',
  'max-uploads',
  'max-parts',
  'max-buckets',
  'x-id',
  'part-number-marker',
]);

/**
 * Finds the operation. What this stand-in does not have is refused, never ignored.
 *
 * @throws ServiceError `NotImplemented`, `MethodNotAllowed`
 */
export function route(call: Pick<S3Call, 'method' | 'bucket' | 'key' | 'parameters' | 'header'>): Route {
  const unknown = [...call.parameters.keys()].find((name) => !isKnown(name));
  if (unknown !== undefined || call.header('x-amz-copy-source') !== undefined)
    throw s3Error(
      501,
      'NotImplemented',
      `A header or parameter you provided implies functionality that is not implemented: ${unknown ?? 'x-amz-copy-source'}`,
    );
  const target = call.bucket === '' ? 'service' : call.key === '' ? 'bucket' : 'object';
  const selectors = SELECTORS.filter((name) => call.parameters.has(name));
  const found = ROUTES[[target, call.method, ...selectors].join(' ')];
  if (found) return found;
  throw s3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

function isKnown(name: string): boolean {
  return (
    MODIFIERS.has(name) ||
    SELECTORS.some((selector) => selector === name) ||
    /^(?:x-amz-|response-(?:content-(?:type|language|disposition|encoding)|cache-control|expires)$)/i.test(
      name,
    )
  );
}
