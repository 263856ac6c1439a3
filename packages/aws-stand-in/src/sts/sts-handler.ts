import { verifyWithSecret, type RawHandler, type RawRequest } from '@rolesanywhere/emulator';

import type { AwsRole } from '../principals.js';
import type { Caller } from '../caller.js';
import type { ServiceContext } from '../service-context.js';
import { ServiceError } from '../service-error.js';
import { toXml, type XmlContent } from '../xml.js';
import { assumeRole } from './assume-role.js';
import { formParameters } from './form-parameters.js';
import { stsError } from './sts-error.js';

/** What the operations of STS need. */
export interface StsContext extends ServiceContext {
  /** Absent: every role of the account. */
  readonly roles?: readonly AwsRole[];
}

/** One verified call. */
export interface StsCall {
  readonly caller: Caller;
  readonly parameters: ReadonlyMap<string, string>;
}

type StsOperation = (call: StsCall, context: StsContext) => XmlContent;

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const OPERATIONS: Readonly<Record<string, StsOperation>> = {
  GetCallerIdentity: ({ caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.accountId }),
  AssumeRole: assumeRole,
};

/**
 * STS in its query protocol: a form in the body or parameters in the query, XML as the answer.
 *
 * @see AWS STS API Reference, "Common Parameters" and "Common Errors"
 */
export function createStsHandler(context: StsContext): RawHandler {
  return async (request) => {
    const requestId = uuid(context.random(16));
    const headers = {
      'content-type': 'text/xml',
      date: context.clock().toUTCString(),
      'x-amzn-requestid': requestId,
      'x-amz-request-id': requestId,
    };
    try {
      const { action, result } = perform(request, context);
      const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
      const body = toXml({ root: `${action}Response`, namespace: NAMESPACE, content });
      return { status: 200, headers, body };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const content = {
        Error: { Type: 'Sender', Code: error.code, Message: error.message },
        RequestId: requestId,
      };
      const body = toXml({ root: 'ErrorResponse', namespace: NAMESPACE, content });
      return { status: error.status, headers, body };
    }
  };
}

function perform(request: RawRequest, context: StsContext): { action: string; result: XmlContent } {
  const verdict = verifyWithSecret(request, {
    findSecret: context.callers.findSecret,
    now: context.clock(),
    services: ['sts'],
  });
  if (!verdict.ok) throw stsError(verdict);
  const caller = context.callers.findCaller(verdict.accessKeyId);
  if (!caller) throw stsError({ ok: false, reason: 'UNKNOWN_KEY', message: '' });
  const parameters = formParameters(request);
  const action = parameters.get('Action') ?? '';
  const operation = Object.hasOwn(OPERATIONS, action) ? OPERATIONS[action] : undefined;
  if (!operation || parameters.get('Version') !== '2011-06-15')
    throw new ServiceError({
      code: 'InvalidAction',
      status: 400,
      message: `Could not find operation ${action} for version ${parameters.get('Version') ?? 'NO_VERSION_SPECIFIED'}`,
    });
  return { action, result: operation({ caller, parameters }, context) };
}

function uuid(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
