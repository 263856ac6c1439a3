import { childText, parseXml } from '../xml.js';
import { emptyAnswer, xmlAnswer, xmlDate } from './answers.js';
import type { S3Call, S3Operation } from './s3-call.js';
import { malformedXml, noSuchBucket, s3Error } from './s3-error.js';
import { createBucketOf, type Bucket } from './store.js';

/** The bucket of a call. @throws ServiceError `NoSuchBucket` */
export function bucketOf({ bucket, context }: S3Call): Bucket {
  const found = context.store.get(bucket);
  if (!found) throw noSuchBucket(bucket);
  return found;
}

/** All on one page, by name. @see Amazon S3 API Reference, "ListBuckets" */
export const listBuckets: S3Operation = ({ caller, context }) =>
  xmlAnswer('ListAllMyBucketsResult', {
    Owner: { ID: caller.accountId },
    Buckets: {
      Bucket: [...context.store.values()]
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, createdAt }) => ({ Name: name, CreationDate: xmlDate(createdAt) })),
    },
  });

/** @see Amazon S3 API Reference, "CreateBucket"; Amazon S3 User Guide, "Bucket naming rules" */
export const createBucket: S3Operation = ({ bucket, payload, now, context }) => {
  const isName = /^[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/.test(bucket);
  if (!isName || /^\d+\.\d+\.\d+\.\d+$/.test(bucket))
    throw s3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.');
  const location = wantedLocation(payload);
  if (context.region !== undefined && location !== undefined && location !== context.region)
    throw s3Error(
      400,
      'IllegalLocationConstraintException',
      `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  if (context.store.has(bucket))
    throw s3Error(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  context.store.set(bucket, createBucketOf(bucket, now));
  return emptyAnswer(200, { location: `/${bucket}` });
};

/** @see Amazon S3 API Reference, "HeadBucket" */
export const headBucket: S3Operation = (call) => {
  bucketOf(call);
  return emptyAnswer(200, { 'x-amz-bucket-region': call.context.region ?? 'us-east-1' });
};

/** Only an empty one. @see Amazon S3 API Reference, "DeleteBucket" */
export const deleteBucket: S3Operation = (call) => {
  const bucket = bucketOf(call);
  if (bucket.objects.size > 0)
    throw s3Error(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty');
  call.context.store.delete(bucket.name);
  return emptyAnswer(204);
};

/** Buckets of us-east-1 have an empty location. */
export const getBucketLocation: S3Operation = (call) => {
  bucketOf(call);
  const { region = 'us-east-1' } = call.context;
  return xmlAnswer('LocationConstraint', region === 'us-east-1' ? '' : region);
};

function wantedLocation(payload: Uint8Array): string | undefined {
  if (payload.length === 0) return undefined;
  const configuration = parseXml(payload, { root: 'CreateBucketConfiguration' });
  if (configuration === undefined) throw malformedXml();
  return childText(configuration, 'LocationConstraint');
}
