import { isRolesAnywhereError } from '@rolesanywhere/signer';
import { SessionError } from '../errors.js';
import type { ProviderEvent } from '../events.js';
import type {
  EventCertificate,
  EventError,
  EventFacts,
  EventTarget,
  PublishedEvent,
} from './published-event.js';

/** What the event of the inside does not have. */
export interface Circumstances extends EventFacts {
  readonly time: Date;
  /** Since the refresh began. */
  readonly durationMilliseconds: number;
}

/** The name under which an event is published. */
export function publishedType(event: ProviderEvent): PublishedEvent['type'] {
  if (event.type === 'refreshed') return 'refreshSucceeded';
  return event.type === 'refreshFailed' && event.stillValid ? 'refreshFailedButValid' : event.type;
}

/** An event as it is published: a frozen copy without anything that may hold a secret. */
export function toPublished(event: ProviderEvent, circumstances: Circumstances): PublishedEvent {
  const { durationMilliseconds, time, target, certificate } = circumstances;
  const base = {
    time,
    target: targetOf(target),
    ...(certificate === undefined ? {} : { certificate: certificateOf(certificate) }),
  };
  switch (event.type) {
    case 'refreshed':
    case 'refreshFailed':
      return Object.freeze({ ...base, ...refreshEnd(event, time), durationMilliseconds });
    case 'fallbackUsed':
      return Object.freeze({ ...base, type: event.type, fallback: targetOf(event) });
    case 'identityKept': {
      const { type, error, times } = event;
      return Object.freeze({
        ...base,
        type,
        certificate: certificateOf(event),
        error: errorOf(error),
        times,
      });
    }
    case 'certificateExpiresSoon': {
      const { type, remainingMilliseconds } = event;
      return Object.freeze({ ...base, type, certificate: certificateOf(event), remainingMilliseconds });
    }
    case 'cacheFailed':
      return Object.freeze({ ...base, type: event.type, error: errorOf(event.error) });
    case 'refreshStarted':
    case 'cacheHit':
    case 'clockCorrected':
    default:
      return Object.freeze({ ...base, ...event });
  }
}

type RefreshEnd = Extract<ProviderEvent, { type: 'refreshed' | 'refreshFailed' }>;

function refreshEnd(event: RefreshEnd, time: Date) {
  if (event.type === 'refreshed') {
    const { lifetimeMilliseconds } = event;
    const expiration = new Date(time.getTime() + lifetimeMilliseconds);
    return { type: 'refreshSucceeded', expiration, lifetimeMilliseconds } as const;
  }
  const { error, failures, pauseMilliseconds, stillValid } = event;
  const type = stillValid ? 'refreshFailedButValid' : 'refreshFailed';
  return { type, error: errorOf(error), failures, pauseMilliseconds } as const;
}

/** A copy: a `Date` can be changed. */
function certificateOf({ serialNumber, expiration }: EventCertificate): EventCertificate {
  return Object.freeze({ serialNumber, expiration: new Date(expiration) });
}

/** Options are not checked yet when the first event tells of them: only what looks like an ARN is told. */
function targetOf({ trustAnchorArn, profileArn, roleArn }: EventTarget): EventTarget {
  const arns = Object.entries({ trustAnchorArn, profileArn, roleArn }).filter(([, arn]) => isArn(arn));
  return Object.freeze(Object.fromEntries(arns));
}

function isArn(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('arn:');
}

/** Messages of this project never hold a secret. Whatever else may be thrown, by an application's own functions, can. */
function errorOf(error: unknown): EventError {
  if (!isRolesAnywhereError(error)) return { code: 'UNEXPECTED' };
  const { code, message } = error;
  if (!(error instanceof SessionError)) return { code, message };
  const { status, requestId, serviceCode } = error.toJSON();
  return {
    code,
    message,
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(serviceCode === undefined ? {} : { serviceCode }),
  };
}
