import { children, childText, parseXml } from '../xml.js';
import { emptyAnswer, xmlAnswer } from './answers.js';
import { bucketOf } from './bucket-operations.js';
import { verifyChecksums } from './checksum.js';
import type { S3Operation } from './s3-call.js';
import { malformedXml, s3Error } from './s3-error.js';

/** Deleting what is not there is a success too. @see Amazon S3 API Reference, "DeleteObject" */
export const deleteObject: S3Operation = (call) => {
  bucketOf(call).objects.delete(call.key);
  return emptyAnswer(204);
};

/** Up to a thousand keys at once; each is authorised on its own. @see Amazon S3 API Reference, "DeleteObjects" */
export const deleteObjects: S3Operation = (call) => {
  const bucket = bucketOf(call);
  const checksums = verifyChecksums(call);
  if (checksums.size === 0 && call.header('content-md5') === undefined)
    throw s3Error(400, 'InvalidRequest', 'Missing required header for this request: Content-MD5');
  const request = parseXml(call.payload, { root: 'Delete', lists: ['Object'] });
  const keys = children(request, 'Object').map((object) => childText(object, 'Key'));
  if (keys.length === 0 || keys.length > 1000) throw malformedXml();
  const isQuiet = childText(request, 'Quiet')?.trim() === 'true';
  const results = keys.map((key) => {
    if (key === undefined || key === '') throw malformedXml();
    const { authorize } = call.context;
    return {
      key,
      isAllowed: authorize({ caller: call.caller, action: 's3:DeleteObject', bucket: bucket.name, key }),
    };
  });
  for (const { key, isAllowed } of results) if (isAllowed) bucket.objects.delete(key);
  return xmlAnswer('DeleteResult', {
    Deleted: results.filter(({ isAllowed }) => isAllowed && !isQuiet).map(({ key }) => ({ Key: key })),
    Error: results
      .filter(({ isAllowed }) => !isAllowed)
      .map(({ key }) => ({ Key: key, Code: 'AccessDenied', Message: 'Access Denied' })),
  });
};
