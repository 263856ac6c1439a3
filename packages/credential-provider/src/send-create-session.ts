import type { HttpRequest } from '@smithy/types';
import type { X509Identity } from '@rolesanywhere/signer';
import { attemptSession, type Attempt, type AttemptOutcome } from './attempt.js';
import { correctionFor, deservesCorrection, isSkewed } from './clock-skew.js';
import type { SessionEndpoint } from './endpoint.js';
import { SessionError } from './errors.js';
import { elapsed, type Instant } from './instant.js';
import { retryDelay } from './retry.js';
import type { Runtime } from './runtime.js';
import type { Session } from './session.js';
import { startDeadline, type Deadline } from './transport/deadline.js';
import type { Transport } from './transport/transport.js';

/** One CreateSession, ready to be sent as often as it takes. */
export interface SessionOrder {
  readonly request: HttpRequest;
  readonly endpoint: SessionEndpoint;
  readonly identity: X509Identity;
  readonly roleArn: string;
  readonly transport: Transport;
  readonly maxAttempts: number;
  /** Milliseconds to add to our clock, as an earlier call has learned. */
  readonly correctionMilliseconds: number;
  /** Told what to add to our clock from now on. */
  keepCorrection(milliseconds: number): void;
}

/** A session, and how long it lasts from now. */
export interface SentSession {
  readonly session: Session;
  readonly lifetimeMilliseconds: number;
  /** How long it has lived before; of a session that another process had asked for. Default 0. */
  readonly ageMilliseconds?: number;
}

/**
 * Signs and sends until there is a session, a refusal, or no time or attempt left. Each attempt is signed anew.
 * A refusal for the clock is followed by one attempt with the service's time, beside the counted ones.
 *
 * @throws SessionError, and what signing throws
 */
export async function sendCreateSession(
  order: SessionOrder,
  deadline: Deadline,
  runtime: Runtime,
): Promise<SentSession> {
  const { maxAttempts } = order;
  // Anybody on the way can write the `Date` of a plain HTTP answer: only one that came over TLS corrects our clock.
  const secure = order.endpoint.protocol === 'https:';
  let { correctionMilliseconds } = order;
  let attempts = 0;
  let corrected = false;
  let totalRetryDelay = 0;
  const started = runtime.monotonic();
  for (;;) {
    attempts += 1;
    const counted = corrected ? attempts - 1 : attempts;
    const attempt: Attempt = { ...order, correctionMilliseconds };
    const sent = instantOf(runtime);
    const last = counted >= maxAttempts;
    const outcome = countedFrom(sent, await withinShare(attempt, { deadline, last }, runtime), runtime);
    const metadata = { ...outcome.metadata, attempts, totalRetryDelay };
    const { skewMilliseconds } = outcome;
    if ('answer' in outcome) {
      if (secure) order.keepCorrection(correctionFor(skewMilliseconds, correctionMilliseconds));
      const session = { ...outcome.answer, $metadata: metadata };
      return { session, lifetimeMilliseconds: outcome.lifetimeMilliseconds };
    }
    const { failure } = outcome;
    const refused = { skewMilliseconds, correctionMilliseconds, secure, corrected };
    if (failure.invalidSignature === true && deservesCorrection(refused)) {
      corrected = true;
      correctionMilliseconds = correctionFor(skewMilliseconds, correctionMilliseconds);
      order.keepCorrection(correctionMilliseconds);
      continue;
    }
    const remainingMilliseconds = deadline.remainingMilliseconds();
    const elapsedMilliseconds = runtime.monotonic() - started;
    const progress = { attempts: counted, maxAttempts, remainingMilliseconds, elapsedMilliseconds };
    const delay = retryDelay(failure, progress, runtime.random());
    if (delay === undefined) throw sessionError(outcome, correctionMilliseconds, metadata);
    totalRetryDelay += delay;
    await deadline.race(sleep(delay, runtime), failure.message);
  }
}

interface Share {
  readonly deadline: Deadline;
  readonly last: boolean;
}

/**
 * One attempt in its share of the time: half of what is left, all of it for the last. A connection that died unnoticed,
 * as idle ones do, then costs half of the time and not all.
 */
async function withinShare(
  attempt: Attempt,
  { deadline, last }: Share,
  runtime: Runtime,
): Promise<AttemptOutcome> {
  const remaining = deadline.remainingMilliseconds();
  const share = startDeadline(last ? remaining : remaining / 2, runtime, deadline.signal);
  try {
    return await attemptSession(attempt, share, runtime);
  } finally {
    share.end();
  }
}

/**
 * Counts a session's life from when it was asked for. Its answer may lie unread while the machine sleeps, and then its
 * `Date`, which is believed when the clocks differ, tells of a time long past.
 */
function countedFrom(sent: Instant, outcome: AttemptOutcome, runtime: Runtime): AttemptOutcome {
  if (!('answer' in outcome)) return outcome;
  const underWay = elapsed(sent, instantOf(runtime));
  const lifetimeMilliseconds = outcome.lifetimeMilliseconds - underWay;
  if (lifetimeMilliseconds > 0) return { ...outcome, lifetimeMilliseconds };
  const message = `The session had ended when its answer was read, after ${Math.round(underWay / 1000)} s: this machine slept, or its clock was set, meanwhile.`;
  const { skewMilliseconds, metadata } = outcome;
  return { failure: { code: 'TIMED_OUT', message }, skewMilliseconds, metadata };
}

function instantOf(runtime: Runtime): Instant {
  return { wall: runtime.now(), monotonic: runtime.monotonic() };
}

type FailedOutcome = Extract<AttemptOutcome, { failure: unknown }>;

function sessionError(
  { failure, skewMilliseconds }: FailedOutcome,
  correctionMilliseconds: number,
  $metadata: Session['$metadata'],
): SessionError {
  const skew = (skewMilliseconds ?? 0) - correctionMilliseconds;
  if (failure.invalidSignature !== true || !isSkewed(skew))
    return new SessionError({ ...failure, $metadata });
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return new SessionError({
    ...failure,
    $metadata,
    code: 'CLOCK_SKEWED',
    message: `${failure.message} The clock here is ${minutes} minutes ${skew > 0 ? 'behind' : 'ahead of'} the service's: set it right first.`,
  });
}

function sleep(milliseconds: number, runtime: Runtime): Promise<void> {
  return new Promise((resolve) => {
    runtime.after(milliseconds, resolve);
  });
}
