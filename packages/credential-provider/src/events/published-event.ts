/**
 * The ARNs that a session is asked for with. Those among the options are known from the start, those of the configuration
 * once it was found.
 */
export interface EventTarget {
  readonly trustAnchorArn?: string | undefined;
  readonly profileArn?: string | undefined;
  readonly roleArn?: string | undefined;
}

/** An error as an event shows it: what is known to hold no secret, so neither its cause nor its stack. */
export interface EventError {
  /** `code` of an error of this project; `UNEXPECTED` for any other. */
  readonly code: string;
  /** What failed and what to do; left out for an error that is not of this project, which may say anything. */
  readonly message?: string;
  /** HTTP status of the service's last answer. */
  readonly status?: number;
  /** The service's request id. */
  readonly requestId?: string;
  /** The service's error type, such as `AccessDeniedException`. */
  readonly serviceCode?: string;
}

/** A certificate as an event shows it. */
export interface EventCertificate {
  /** Hexadecimal, without a prefix. */
  readonly serialNumber: string;
  /** When it ends, or an intermediate above it, if that is earlier. */
  readonly expiration: Date;
}

/** What a provider knows and each of its events tells. */
export interface EventFacts {
  /** What the provider asks for; the first choice when it has fallbacks. */
  readonly target: EventTarget;
  /** The certificate that was used last; absent until one was read. */
  readonly certificate?: EventCertificate;
}

/** What every event says. */
interface EventBase<Type extends string> extends EventFacts {
  /** The event's name, which is that of its channel in `eventChannels`. */
  readonly type: Type;
  /** When it happened, by this machine's clock. */
  readonly time: Date;
}

/** What every event about a failed refresh says. */
interface RefreshFailure {
  readonly error: EventError;
  /** Failures in a row, 1 or more. */
  readonly failures: number;
  /** Until the next attempt, at the least. */
  readonly pauseMilliseconds: number;
  readonly durationMilliseconds: number;
}

/**
 * What each channel of `eventChannels` publishes. Frozen, and never with a secret: no key, no passphrase, no credentials, and
 * not their access key id either.
 */
export interface PublishedEvents {
  /** A new session is wanted. */
  readonly refreshStarted: EventBase<'refreshStarted'>;
  /** There is a new session, from the service or from the cache. */
  readonly refreshSucceeded: EventBase<'refreshSucceeded'> & {
    /** When the session ends, by this machine's clock; a second early at most. */
    readonly expiration: Date;
    /** From now until then. */
    readonly lifetimeMilliseconds: number;
    /** From the start of the refresh. */
    readonly durationMilliseconds: number;
  };
  /** No new session, and the one in hand is still valid: no caller notices. */
  readonly refreshFailedButValid: EventBase<'refreshFailedButValid'> & RefreshFailure;
  /** No session at all: callers get the error. */
  readonly refreshFailed: EventBase<'refreshFailed'> & RefreshFailure;
  /** The service's clock differs from this machine's. */
  readonly clockCorrected: EventBase<'clockCorrected'> & {
    /** What is added to this machine's clock for signing from now on; 0 when the clocks agree again. */
    readonly correctionMilliseconds: number;
  };
  /** The certificate has under 30 days left, or under a tenth of its life. */
  readonly certificateExpiresSoon: EventBase<'certificateExpiresSoon'> & {
    readonly certificate: EventCertificate;
    readonly remainingMilliseconds: number;
  };
  /** The certificate's source has something unusable, such as a file that is half written, so the identity of before is used. */
  readonly identityKept: EventBase<'identityKept'> & {
    /** The one that is kept. */
    readonly certificate: EventCertificate;
    /** What is wrong with the new one. */
    readonly error: EventError;
    /** Refreshes in a row with a kept identity, 1 or more. */
    readonly times: number;
  };
  /** The session came from one of `fallbacks`. */
  readonly fallbackUsed: EventBase<'fallbackUsed'> & { readonly fallback: EventTarget };
  /** The session came from the cache: another process had asked for it. */
  readonly cacheHit: EventBase<'cacheHit'>;
  /** The cache could not be used; the service is called instead. */
  readonly cacheFailed: EventBase<'cacheFailed'> & { readonly error: EventError };
}

/** What a channel's subscriber gets; `type` tells which it is. */
export type PublishedEvent = PublishedEvents[keyof PublishedEvents];
