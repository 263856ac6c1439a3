import type { RawRequest, RawResponse } from '../http.js';
import type { GrantedSession } from './granted-session.js';
import type { Refusal } from './refusal.js';
import type { Notebook, Verdict } from './verdict.js';

/** One request on its way to an answer. */
export interface Exchange {
  readonly request: RawRequest;
  readonly requestId: string;
  readonly at: Date;
  readonly notebook: Notebook;
}

type OnVerdict = (verdict: Verdict) => void;

/**
 * 201 with the members that the service sends and no others.
 *
 * @see AWS IAM Roles Anywhere User Guide, "CreateSession", response
 */
export function answerWith(granted: GrantedSession, exchange: Exchange, onVerdict: OnVerdict): RawResponse {
  const { session, sourceIdentity, packedPolicySize, subjectArn } = granted;
  onVerdict({
    outcome: 'accepted',
    ...verdictBase(exchange, 201),
    assumedRoleArn: session.assumedRoleArn,
    expiration: session.expiration,
  });
  const credentialSet = [
    {
      assumedRoleUser: { arn: session.assumedRoleArn, assumedRoleId: session.assumedRoleId },
      credentials: {
        accessKeyId: session.accessKeyId,
        expiration: session.expiration.toISOString().replace(/\.\d+Z$/, 'Z'),
        secretAccessKey: session.secretAccessKey,
        sessionToken: session.sessionToken,
      },
      packedPolicySize,
      roleArn: session.roleArn,
      sourceIdentity,
    },
  ];
  return { status: 201, headers: headersOf(exchange), body: JSON.stringify({ credentialSet, subjectArn }) };
}

/**
 * The service's error form: type in a header, text in the body.
 *
 * @see AWS restJson1 protocol, "Operation error serialization"
 */
export function refuseWith(refusal: Refusal, exchange: Exchange, onVerdict: OnVerdict): RawResponse {
  const { status, errorType, text, emulatorText } = refusal.answer;
  onVerdict({
    outcome: 'refused',
    ...verdictBase(exchange, status),
    reason: refusal.reason,
    message: refusal.message,
    errorType,
    text,
    emulatorText,
  });
  return {
    status,
    headers: { ...headersOf(exchange), 'x-amzn-ErrorType': errorType },
    body: JSON.stringify({ message: text }),
  };
}

function verdictBase(
  { request, requestId, at, notebook }: Exchange,
  status: number,
): Omit<Verdict, 'outcome'> {
  const { details, findings } = notebook.read();
  return { ...details, requestId, at, method: request.method, target: request.target, status, findings };
}

/** `Date` is the emulator's clock, so that a client can see how far off it is. */
function headersOf({ requestId, at }: Exchange): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    Date: at.toUTCString(),
    'x-amzn-RequestId': requestId,
  };
}
