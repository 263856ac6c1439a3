import type { XmlContent } from '../xml.js';
import { xmlAnswer, xmlDate } from './answers.js';
import { bucketOf } from './bucket-operations.js';
import { listPage, type ListPage } from './list-page.js';
import type { S3Call, S3Operation } from './s3-call.js';
import { invalidArgument } from './s3-error.js';
import type { StoredObject } from './store.js';

/** @see Amazon S3 API Reference, "ListObjectsV2" */
export const listObjectsV2: S3Operation = (call) => {
  const token = call.parameters.get('continuation-token');
  const startAfter = call.parameters.get('start-after');
  const after = token === undefined ? (startAfter ?? '') : keyOfToken(token);
  const page = pageOf(call, after);
  const encode = encoder(call);
  return xmlAnswer('ListBucketResult', {
    ...common(call, page),
    KeyCount: String(page.objects.length + page.prefixes.length),
    ContinuationToken: token,
    StartAfter: startAfter === undefined ? undefined : encode(startAfter),
    NextContinuationToken: page.isTruncated ? tokenOfKey(page.last) : undefined,
  });
};

/** @see Amazon S3 API Reference, "ListObjects" */
export const listObjects: S3Operation = (call) => {
  const marker = call.parameters.get('marker') ?? '';
  const page = pageOf(call, marker);
  const encode = encoder(call);
  return xmlAnswer('ListBucketResult', {
    ...common(call, page),
    Marker: encode(marker),
    NextMarker: page.isTruncated ? encode(page.last) : undefined,
  });
};

function pageOf(call: S3Call, after: string): ListPage {
  const { parameters } = call;
  return listPage(bucketOf(call).objects, {
    prefix: parameters.get('prefix') ?? '',
    delimiter: parameters.get('delimiter') ?? '',
    after,
    limit: maximumKeys(parameters.get('max-keys')),
  });
}

function common(
  call: S3Call,
  page: ListPage,
): Readonly<Record<string, XmlContent | XmlContent[] | undefined>> {
  const { parameters, bucket } = call;
  const encode = encoder(call);
  const delimiter = parameters.get('delimiter');
  return {
    Name: bucket,
    Prefix: encode(parameters.get('prefix') ?? ''),
    Delimiter: delimiter === undefined ? undefined : encode(delimiter),
    MaxKeys: String(maximumKeys(parameters.get('max-keys'))),
    EncodingType: parameters.get('encoding-type'),
    IsTruncated: String(page.isTruncated),
    Contents: page.objects.map((object) => contentsOf(object, encode)),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function contentsOf(object: StoredObject, encode: (text: string) => string): XmlContent {
  return {
    Key: encode(object.key),
    LastModified: xmlDate(object.lastModified),
    ETag: object.etag,
    Size: String(object.body.length),
    StorageClass: 'STANDARD',
  };
}

/** `encoding-type=url` is for keys with characters that XML 1.0 cannot hold. */
function encoder({ parameters }: S3Call): (text: string) => string {
  const type = parameters.get('encoding-type');
  if (type !== undefined && type !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request');
  if (type === undefined) return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}

function maximumKeys(value = '1000'): number {
  if (!/^\d{1,9}$/.test(value))
    throw invalidArgument('Provided max-keys not an integer or within integer range');
  return Math.min(Number(value), 1000);
}

function tokenOfKey(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64');
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString('utf8');
  if (key === '' || tokenOfKey(key) !== token)
    throw invalidArgument('The continuation token provided is incorrect');
  return key;
}
