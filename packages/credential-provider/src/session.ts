import type { ResponseMetadata } from '@smithy/types';
import { parseArn } from './config/arn.js';

/** What CreateSession answered. */
export interface Session {
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
    readonly expiration: Date;
  };
  /** The role, as asked for. */
  readonly roleArn: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session name>`; empty when the answer does not say. */
  readonly assumedRoleArn: string;
  /** `AROA…:<session name>`; empty when the answer does not say. */
  readonly assumedRoleId: string;
  /** The account of the assumed role. */
  readonly accountId?: string;
  /** `CN=…`, the source identity that CloudTrail shows. */
  readonly sourceIdentity?: string;
  /** The subject that IAM Roles Anywhere keeps for the certificate. */
  readonly subjectArn?: string;
  /** Percent of the space for session policies and tags that is used. */
  readonly packedPolicySize?: number;
  /** In the AWS SDK's form: `httpStatusCode`, `requestId`, `attempts`, `totalRetryDelay` (milliseconds). */
  readonly $metadata: ResponseMetadata;
}

/** A session as its answer has it, before anything is known about the call. */
export type SessionAnswer = Omit<Session, '$metadata'>;

/** The answer cannot be used as a session; the message says why and holds nothing of it. */
export class SessionAnswerError extends Error {
  override readonly name = 'SessionAnswerError';
}

/** No session lives longer than 12 hours; twice that leaves room for clocks. */
const longestLifetimeMilliseconds = 24 * 3_600_000;

/**
 * Reads the body of a 2xx answer. Strict about the credentials and their expiration, which must be in the future but not
 * beyond any session's life; lenient about what only informs. Unknown members are ignored.
 * @param body - UTF-8 JSON
 * @param roleArn - the role that was asked for
 * @param now - the service's time, milliseconds since the epoch
 * @throws SessionAnswerError
 * @see IAM Roles Anywhere User Guide, "CreateSession", response syntax
 */
export function parseSession(body: Uint8Array, roleArn: string, now: number): SessionAnswer {
  const answer = parseJson(body);
  const sets = answer['credentialSet'];
  if (!Array.isArray(sets)) throw new SessionAnswerError('it has no credentialSet');
  const [set]: readonly unknown[] = sets;
  if (!isRecord(set)) throw new SessionAnswerError('its credentialSet is empty');
  const assumedRole = isRecord(set['assumedRoleUser']) ? set['assumedRoleUser'] : {};
  const assumedRoleArn = textOf(assumedRole['arn']) ?? '';
  const accountId = parseArn(assumedRoleArn)?.accountId;
  const sourceIdentity = textOf(set['sourceIdentity']);
  const subjectArn = textOf(answer['subjectArn']);
  const packedPolicySize = set['packedPolicySize'];
  return {
    credentials: parseCredentials(set['credentials'], now),
    roleArn: textOf(set['roleArn']) ?? roleArn,
    assumedRoleArn,
    assumedRoleId: textOf(assumedRole['assumedRoleId']) ?? '',
    ...(accountId !== undefined && /^\d{12}$/.test(accountId) ? { accountId } : {}),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(subjectArn === undefined ? {} : { subjectArn }),
    ...(typeof packedPolicySize === 'number' ? { packedPolicySize } : {}),
  };
}

function parseJson(body: Uint8Array): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(body);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold half a secret.
    throw new SessionAnswerError(/^\s*</.test(text) ? 'it is a web page, not JSON' : 'it is not JSON');
  }
  if (!isRecord(answer)) throw new SessionAnswerError('it is not a JSON object');
  return answer;
}

function parseCredentials(value: unknown, now: number): Session['credentials'] {
  if (!isRecord(value)) throw new SessionAnswerError('its credentialSet has no credentials');
  return {
    accessKeyId: requiredText(value, 'accessKeyId'),
    secretAccessKey: requiredText(value, 'secretAccessKey'),
    sessionToken: requiredText(value, 'sessionToken'),
    expiration: parseExpiration(requiredText(value, 'expiration'), now),
  };
}

function parseExpiration(text: string, now: number): Date {
  const expiration = new Date(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : Number.NaN,
  );
  const left = expiration.getTime() - now;
  if (Number.isNaN(left)) throw new SessionAnswerError('its expiration is not a date');
  if (left <= 0) throw new SessionAnswerError(`its credentials expired at ${expiration.toISOString()}`);
  if (left > longestLifetimeMilliseconds) {
    throw new SessionAnswerError(
      `its expiration ${expiration.toISOString()} is later than any session lasts`,
    );
  }
  return expiration;
}

function requiredText(record: Readonly<Record<string, unknown>>, name: string): string {
  const text = textOf(record[name]);
  if (text === undefined) throw new SessionAnswerError(`its credentials have no ${name}`);
  return text;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** True for a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
