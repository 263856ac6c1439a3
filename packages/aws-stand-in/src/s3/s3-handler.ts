import {
  verifyWithSecret,
  type RawHandler,
  type RawRequest,
  type RawResponse,
} from '@rolesanywhere/emulator';

import { headerOf } from '../header.js';
import { ServiceError } from '../service-error.js';
import { toXml } from '../xml.js';
import { route } from './route.js';
import { s3Address } from './s3-address.js';
import type { S3Context } from './s3-call.js';
import { accessDenied, s3VerificationError, unsupportedSignature } from './s3-error.js';

/**
 * S3 over its REST protocol: verify, find the operation, ask the policy, do it.
 *
 * @see Amazon S3 API Reference, "Common Request Headers" and "Error responses"
 */
export function createS3Handler(context: S3Context): RawHandler {
  return async (request) => {
    const requestId = Buffer.from(context.random(8)).toString('hex').toUpperCase();
    const common = {
      date: context.clock().toUTCString(),
      server: 'AmazonS3',
      'x-amz-request-id': requestId,
      'x-amz-id-2': Buffer.from(context.random(24)).toString('base64'),
    };
    const answer = attempt(request, context, requestId);
    return { ...answer, headers: { ...answer.headers, ...common } };
  };
}

function attempt(request: RawRequest, context: S3Context, requestId: string): RawResponse {
  try {
    return perform(request, context);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return errorAnswer(error, request, requestId);
  }
}

function perform(request: RawRequest, context: S3Context): RawResponse {
  const { region } = context;
  if (isSignatureVersion2(request)) throw unsupportedSignature();
  const now = context.clock();
  const verdict = verifyWithSecret(request, {
    findSecret: context.callers.findSecret,
    now,
    services: ['s3'],
    ...(region === undefined ? {} : { region }),
  });
  if (!verdict.ok) throw s3VerificationError(verdict, region ?? 'us-east-1');
  const caller = context.callers.findCaller(verdict.accessKeyId);
  if (!caller) throw accessDenied();
  const headers = request.rawHeaders.map(([name, value]) => [name.toLowerCase(), value] as const);
  const call = {
    ...s3Address(request),
    caller,
    method: request.method,
    headers,
    header: (name: string) => headers.find(([candidate]) => candidate === name)?.[1],
    payload: verdict.payload,
    trailers: verdict.trailers,
    now,
    context,
  };
  const { action, operation } = route(call);
  const { bucket, key } = call;
  if (action !== undefined && !context.authorize({ caller, action, bucket, key })) throw accessDenied();
  return operation(call);
}

/** boto3 and AWS CLI version 1 still presign so for us-east-1; "Access Denied" alone would not tell why it fails. */
function isSignatureVersion2(request: RawRequest): boolean {
  const isInHeader = headerOf(request, 'authorization')?.startsWith('AWS ') ?? false;
  return isInHeader || /[?&]AWSAccessKeyId=/.test(request.target);
}

/** The answer to HEAD has no body to say the code in; only its status is left. */
function errorAnswer(error: ServiceError, request: RawRequest, requestId: string): RawResponse {
  const content = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: request.target.split('?')[0],
    RequestId: requestId,
  };
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml' },
    body: request.method === 'HEAD' ? '' : toXml({ root: 'Error', content }),
  };
}
