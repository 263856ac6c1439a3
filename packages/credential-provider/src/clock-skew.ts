const minute = 60_000;

/** Below this difference the service still takes the signing date, so nothing is corrected: four minutes. */
const toleratedSkewMilliseconds = 4 * minute;

/** Above this difference a `Date` header is not believed: 24 hours. */
const credibleSkewMilliseconds = 24 * 60 * minute;

/**
 * How far the service's clock is ahead of ours (negative: behind), in milliseconds; undefined when the answer has no
 * readable `Date`.
 * @param dateHeader - the answer's `Date` header (RFC 9110 §6.6.1)
 * @param now - our clock when the answer arrived, milliseconds since the epoch
 */
export function measureSkew(dateHeader: string | undefined, now: number): number | undefined {
  if (dateHeader === undefined) return undefined;
  const date = Date.parse(dateHeader);
  return Number.isNaN(date) ? undefined : date - now;
}

/** True when a request signed by the clock that differs by this much is refused for it. */
export function isSkewed(skewMilliseconds: number | undefined): skewMilliseconds is number {
  return skewMilliseconds !== undefined && Math.abs(skewMilliseconds) >= toleratedSkewMilliseconds;
}

/** A correction that is this close to what is measured stays as it is: `Date` has whole seconds and travels. */
const settledMilliseconds = 30_000;

/**
 * The correction to sign with from now on: none while the clocks are close enough, the measured difference while it is
 * believable, else, and when that has hardly changed, what was used before.
 */
export function correctionFor(skewMilliseconds: number | undefined, current: number): number {
  if (skewMilliseconds === undefined || Math.abs(skewMilliseconds) > credibleSkewMilliseconds) return current;
  if (!isSkewed(skewMilliseconds)) return 0;
  return Math.abs(skewMilliseconds - current) < settledMilliseconds ? current : skewMilliseconds;
}

/** What the decision about one more, corrected attempt rests on. */
export interface RefusedForClock {
  /** The service's clock minus ours. */
  readonly skewMilliseconds: number | undefined;
  /** The correction that the refused request was signed with. */
  readonly correctionMilliseconds: number;
  /** Whether the answer came over TLS: anybody on the way can write the `Date` of a plain HTTP answer. */
  readonly secure: boolean;
  /** Whether this call has been corrected once already. */
  readonly corrected: boolean;
}

/** True when a refusal with `Invalid signature` is worth one more attempt, signed by the service's clock. */
export function deservesCorrection(refused: RefusedForClock): boolean {
  const { skewMilliseconds, correctionMilliseconds, secure, corrected } = refused;
  if (!secure || corrected || skewMilliseconds === undefined) return false;
  if (Math.abs(skewMilliseconds) > credibleSkewMilliseconds) return false;
  return isSkewed(skewMilliseconds - correctionMilliseconds);
}

/** A `Date` header is cut to whole seconds. */
const cutMilliseconds = 1000;

/**
 * The service's time for judging an expiration, milliseconds since the epoch: by its own clock, to the end of the second
 * that it named, else by ours. So ours may be wrong without a session being held too long or given up too early.
 */
export function serviceTime(skewMilliseconds: number | undefined, now: number): number {
  if (skewMilliseconds === undefined || Math.abs(skewMilliseconds) > credibleSkewMilliseconds) return now;
  return now + skewMilliseconds + cutMilliseconds;
}
