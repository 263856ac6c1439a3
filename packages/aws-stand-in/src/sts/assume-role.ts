import type { IssuedSession } from '@rolesanywhere/emulator';

import { ServiceError } from '../service-error.js';
import { base32, uniqueId } from '../unique-id.js';
import type { XmlContent } from '../xml.js';
import type { StsCall, StsContext } from './sts-handler.js';

/**
 * Gives out a session of a role of this account. Who may assume it is for `authorize` to say (`sts:AssumeRole`).
 *
 * @throws ServiceError `ValidationError`, `AccessDenied`
 * @see AWS STS API Reference, "AssumeRole"
 */
export function assumeRole({ caller, parameters }: StsCall, context: StsContext): XmlContent {
  const roleArn = parameters.get('RoleArn') ?? '';
  const name = parameters.get('RoleSessionName') ?? '';
  const seconds = Number(parameters.get('DurationSeconds') ?? 3600);
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]{1,600}$/.test(roleArn))
    throw invalid(`${roleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw invalid(constraint('roleSessionName', '[\\w+=,.@-]*'));
  if (!/^[\w+=,.@-]{2,64}$/.test(parameters.get('SourceIdentity') ?? name))
    throw invalid(constraint('sourceIdentity', '[\\w+=,.@-]*'));
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200)
    throw invalid(constraint('durationSeconds', 'Member must have value between 900 and 43200'));
  if (parameters.has('Policy') || parameters.has('PolicyArns.member.1.arn'))
    throw invalid('Session policies are not supported here.');
  const maximum = maximumDuration(roleArn, context);
  if (maximum === undefined || !context.authorize({ caller, action: 'sts:AssumeRole' }))
    throw new ServiceError({
      code: 'AccessDenied',
      status: 403,
      message: `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    });
  if (seconds > maximum)
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  const session = issueSession({ roleArn, name, seconds, parameters }, context);
  context.callers.keep(session);
  return answerOf(session);
}

interface SessionRequest {
  readonly roleArn: string;
  readonly name: string;
  readonly seconds: number;
  readonly parameters: ReadonlyMap<string, string>;
}

function issueSession(request: SessionRequest, { clock, random }: StsContext): IssuedSession {
  const { roleArn, name, seconds, parameters } = request;
  const [, partition = '', accountId = ''] = /^arn:([^:]+):iam::(\d+):/.exec(roleArn) ?? [];
  const sourceIdentity = parameters.get('SourceIdentity');
  return {
    accessKeyId: `ASIA${base32(random(16))}`,
    secretAccessKey: Buffer.from(random(30)).toString('base64'),
    sessionToken: Buffer.from(random(150)).toString('base64'),
    // Whole seconds: that is what the answer can say.
    expiration: new Date(Math.floor(clock().getTime() / 1000) * 1000 + seconds * 1000),
    assumedRoleArn: `arn:${partition}:sts::${accountId}:assumed-role/${roleArn.split('/').at(-1) ?? ''}/${name}`,
    assumedRoleId: `${uniqueId('AROA', roleArn)}:${name}`,
    accountId,
    roleArn,
    sessionTags: sessionTags(parameters),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
}

function answerOf(session: IssuedSession): XmlContent {
  return {
    AssumedRoleUser: { AssumedRoleId: session.assumedRoleId, Arn: session.assumedRoleArn },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration.toISOString().replace('.000Z', 'Z'),
    },
    PackedPolicySize: '0',
    SourceIdentity: session.sourceIdentity,
  };
}

/** Undefined when the role cannot be assumed here. */
function maximumDuration(roleArn: string, { accountId, roles }: StsContext): number | undefined {
  if (!roleArn.includes(`::${accountId}:`)) return undefined;
  if (!roles) return 3600;
  const role = roles.find(({ roleName }) => roleName === roleArn.split('/').at(-1));
  return role && (role.maximumSessionDurationSeconds ?? 3600);
}

function sessionTags(parameters: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const names = [...parameters].filter(([name]) => /^Tags\.member\.\d+\.Key$/.test(name));
  return Object.fromEntries(
    names.map(([name, key]) => [key, parameters.get(name.replace(/Key$/, 'Value')) ?? '']),
  );
}

function constraint(member: string, rule: string): string {
  return `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${rule}`;
}

function invalid(message: string): ServiceError {
  return new ServiceError({ code: 'ValidationError', status: 400, message });
}
