import type { HttpRequest, ResponseMetadata } from '@smithy/types';
import { isRolesAnywhereError, signRequest, SigningError, type X509Identity } from '@rolesanywhere/signer';
import type { AttemptFailure } from './attempt-failure.js';
import { measureSkew, serviceTime } from './clock-skew.js';
import type { SessionEndpoint } from './endpoint.js';
import { SessionError } from './errors.js';
import { describeNetworkFailure } from './network-failure.js';
import { describeRefusal, requestIdOf } from './response-failure.js';
import type { Runtime } from './runtime.js';
import { parseSession, SessionAnswerError, type SessionAnswer } from './session.js';
import type { Deadline } from './transport/deadline.js';
import type { Transport, TransportResponse } from './transport/transport.js';

/** What one attempt needs. */
export interface Attempt {
  /** Unsigned. */
  readonly request: HttpRequest;
  readonly endpoint: SessionEndpoint;
  readonly identity: X509Identity;
  readonly roleArn: string;
  readonly transport: Transport;
  /** Milliseconds to add to our clock for the signing date. */
  readonly correctionMilliseconds: number;
}

interface Observed {
  /** The service's clock minus ours; undefined when there was no answer or no readable `Date`. */
  readonly skewMilliseconds?: number | undefined;
  readonly metadata: ResponseMetadata;
}

/** What came of one attempt. */
export type AttemptOutcome = Observed &
  (
    | { readonly answer: SessionAnswer; readonly lifetimeMilliseconds: number }
    | { readonly failure: AttemptFailure }
  );

/**
 * Signs with a fresh date, sends once and judges the answer. Failures of the network and of the service are outcomes, not
 * exceptions.
 * @throws what signing throws, and the reason of a signal that the caller aborted
 */
export async function attemptSession(
  attempt: Attempt,
  deadline: Deadline,
  runtime: Runtime,
): Promise<AttemptOutcome> {
  const host = attempt.request.hostname;
  const late = `${host} did not answer in time. Check the network and any proxy, or raise totalTimeoutMilliseconds.`;
  const signed = await deadline.race(
    sign(attempt, runtime),
    `The private key did not sign in time for ${host}.`,
  );
  let response: TransportResponse;
  try {
    response = await deadline.race(attempt.transport.send(signed, deadline.signal), late);
  } catch (error) {
    if (error instanceof SessionError)
      return { failure: { code: error.code, message: error.message }, metadata: {} };
    if (deadline.signal.aborted || isRolesAnywhereError(error)) throw error;
    const failure = describeNetworkFailure(error, host);
    return { failure, metadata: metadataOf(failure) };
  }
  return judge(response, attempt, runtime.now());
}

async function sign(attempt: Attempt, runtime: Runtime): Promise<HttpRequest> {
  const { identity, endpoint, correctionMilliseconds } = attempt;
  const signingDate = new Date(runtime.now() + correctionMilliseconds);
  try {
    return await signRequest(attempt.request, { identity, region: endpoint.region, signingDate });
  } catch (cause) {
    if (isRolesAnywhereError(cause)) throw cause;
    const message = 'The identity could not sign the request; see the cause.';
    throw new SigningError({ code: 'SIGNING_FAILED', message, cause });
  }
}

function judge(response: TransportResponse, attempt: Attempt, now: number): AttemptOutcome {
  const skewMilliseconds = measureSkew(response.headers['date'], now);
  const { status } = response;
  const requestId = requestIdOf(response);
  const metadata = metadataOf({ status, requestId });
  const host = attempt.request.hostname;
  if (status < 200 || status > 299) {
    const failure = describeRefusal(response, { host, subject: describeSubject(attempt), now });
    return { failure, skewMilliseconds, metadata };
  }
  try {
    const time = serviceTime(skewMilliseconds, now);
    const answer = parseSession(response.body, attempt.roleArn, time);
    const lifetimeMilliseconds = answer.credentials.expiration.getTime() - time;
    return { answer, lifetimeMilliseconds, skewMilliseconds, metadata };
  } catch (cause) {
    if (!(cause instanceof SessionAnswerError)) throw cause;
    const message = `The answer of ${host} (${status}) is no session: ${cause.message}. Check clientConfig.endpoint and any proxy on the way.`;
    return {
      failure: { code: 'RESPONSE_MALFORMED', message, status, requestId },
      skewMilliseconds,
      metadata,
    };
  }
}

function metadataOf({ status, requestId }: Pick<AttemptFailure, 'status' | 'requestId'>): ResponseMetadata {
  return {
    ...(status === undefined ? {} : { httpStatusCode: status }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function describeSubject({ request, identity }: Attempt): string {
  const { trustAnchorArn, profileArn, roleArn } = request.query ?? {};
  const serial = identity.certificate.serialNumber.toString(16);
  return `certificate serial 0x${serial}, ${String(trustAnchorArn)}, ${String(profileArn)}, ${String(roleArn)}`;
}
