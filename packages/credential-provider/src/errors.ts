import type { ResponseMetadata } from '@smithy/types';
import { isRolesAnywhereError, RolesAnywhereError } from '@rolesanywhere/signer';

/** The codes of a {@link SessionError}, as a list. */
export const sessionErrorCodes = [
  'NETWORK_FAILED',
  'TIMED_OUT',
  'ACCESS_DENIED',
  'REQUEST_REJECTED',
  'CLOCK_SKEWED',
  'THROTTLED',
  'SERVICE_FAILED',
  'RESPONSE_MALFORMED',
] as const;

/** Why a CreateSession call brought no session. */
export type SessionErrorCode = (typeof sessionErrorCodes)[number];

/** What a {@link SessionError} is made of. */
export interface SessionErrorInit {
  readonly code: SessionErrorCode;
  /** What failed, for which host or ARN, and what to do. Never a secret. */
  readonly message: string;
  readonly cause?: unknown;
  /** HTTP status of the last answer. */
  readonly status?: number | undefined;
  /** The service's `x-amzn-RequestId`. */
  readonly requestId?: string | undefined;
  /** The service's error type, such as `AccessDeniedException`. */
  readonly serviceCode?: string | undefined;
  /** How long the service asked to be left alone, in milliseconds. */
  readonly retryAfterMilliseconds?: number | undefined;
  readonly $metadata?: ResponseMetadata | undefined;
}

/**
 * CreateSession failed: the network, the service, or its answer. `cause` holds the error underneath, if there is one.
 *
 * - `NETWORK_FAILED` no answer: DNS, TCP, TLS or a proxy.
 * - `TIMED_OUT` no session within the total time limit.
 * - `ACCESS_DENIED` 403: certificate, trust anchor, profile, role or trust policy; the message holds the service's own text.
 * - `REQUEST_REJECTED` another 4xx, or a redirect, which is never followed.
 * - `CLOCK_SKEWED` 403 `Invalid signature` while this machine's clock and the service's are four minutes or more apart.
 * - `THROTTLED` 429 to the last attempt. `SERVICE_FAILED` 5xx to the last attempt.
 * - `RESPONSE_MALFORMED` a success that holds no usable credentials.
 *
 * @example
 * if (isRolesAnywhereError(error) && error instanceof SessionError) console.error(error.code, error.requestId);
 */
export class SessionError extends RolesAnywhereError<SessionErrorCode> {
  override name: string = 'SessionError';
  /** HTTP status of the last answer; absent when there was none. */
  declare readonly status?: number;
  /** The service's request id, to quote to AWS support. */
  declare readonly requestId?: string;
  /** The service's error type, such as `AccessDeniedException`. */
  declare readonly serviceCode?: string;
  /** How long the service asked to be left alone, in milliseconds. */
  declare readonly retryAfterMilliseconds?: number;
  /** In the AWS SDK's form: `httpStatusCode`, `requestId`, `attempts`, `totalRetryDelay` (milliseconds). */
  readonly $metadata: ResponseMetadata;

  constructor(init: SessionErrorInit) {
    super(init);
    const { status, requestId, serviceCode, retryAfterMilliseconds } = init;
    if (status !== undefined) this.status = status;
    if (requestId !== undefined) this.requestId = requestId;
    if (serviceCode !== undefined) this.serviceCode = serviceCode;
    if (retryAfterMilliseconds !== undefined) this.retryAfterMilliseconds = retryAfterMilliseconds;
    this.$metadata = init.$metadata ?? {};
  }

  /** Name, code, message, status, request id and service code; not the cause, which comes from elsewhere. */
  override toJSON(): ReturnType<RolesAnywhereError<SessionErrorCode>['toJSON']> &
    Pick<SessionError, 'status' | 'requestId' | 'serviceCode'> {
    const { status, requestId, serviceCode } = this;
    return {
      ...super.toJSON(),
      ...(status === undefined ? {} : { status }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(serviceCode === undefined ? {} : { serviceCode }),
    };
  }
}

/** The pause that must follow an answer which asking again does not change: 30 seconds. */
const refusalPauseMilliseconds = 30_000;

/** The most that a `Retry-After` is heeded between calls: five minutes. */
const longestHeededMilliseconds = 300_000;

/** What an error asks of the pause after it. */
export interface PauseDemand {
  /** The least that the pause must last: a refusal's 30 seconds, or the service's `Retry-After`. */
  readonly leastMilliseconds: number;
  /** True when the service has more calls than it takes: waiting helps, and hurry hurts everybody. */
  readonly throttled: boolean;
}

/**
 * The demand of an error: 30 s after a refusal, what the service asked for in `Retry-After` up to five
 * minutes, and patience after throttling.
 */
export function pauseDemand(error: unknown): PauseDemand {
  if (!(error instanceof SessionError)) return { leastMilliseconds: 0, throttled: false };
  const refused = ['ACCESS_DENIED', 'REQUEST_REJECTED', 'CLOCK_SKEWED'].includes(error.code);
  const asked = Math.min(error.retryAfterMilliseconds ?? 0, longestHeededMilliseconds);
  return {
    leastMilliseconds: Math.max(refused ? refusalPauseMilliseconds : 0, asked),
    throttled: error.code === 'THROTTLED',
  };
}

/**
 * The error as a credential provider rejects with it: under the name that the AWS SDK's chains and its users know.
 * It does not extend the SDK's class, so that no newer `@smithy/core` is forced on an older application.
 */
export function toProviderError(error: unknown): unknown {
  if (!isRolesAnywhereError(error) || Object.isFrozen(error)) return error;
  // Renamed, not wrapped: class, code, cause and stack stay those of the failure.
  return Object.defineProperty(error, 'name', {
    value: 'CredentialsProviderError',
    configurable: true,
    writable: true,
  });
}
