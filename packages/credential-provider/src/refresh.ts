import type { PauseDemand } from './errors.js';
import { createClock, type Instant } from './instant.js';
import { isValid, type Lease } from './lease.js';
import { startPause, type FailureFacts, type Pause } from './refresh-pause.js';
import { continueDrift, refreshPoint, startDrift, type Drift } from './refresh-point.js';
import { decide, shortWaitMilliseconds } from './refresh-rules.js';
import type { Runtime } from './runtime.js';
import { holding, within } from './waiting.js';

/** A fresh value and how long it may be used, counted from now. */
export interface Renewed<Value> {
  readonly value: Value;
  readonly lifetimeMilliseconds: number;
  /** How long it has lived before, when it was made earlier: it is refreshed so much sooner. Default 0. */
  readonly ageMilliseconds?: number;
}

/** What a refresher tells about each flight. */
export type RefreshEvent =
  | { readonly type: 'refreshStarted' }
  | { readonly type: 'refreshed'; readonly lifetimeMilliseconds: number }
  | {
      readonly type: 'refreshFailed';
      readonly error: unknown;
      /** Whether the value held is still valid, so that no caller notices. */
      readonly stillValid: boolean;
      /** Failures in a row, 1 or more. */
      readonly failures: number;
      readonly pauseMilliseconds: number;
    };

/**
 * How much a renewal should try. `urgent`: somebody needs the value now, so it is worth several attempts. `calm`: one attempt,
 * because a valid value is in hand, or because a renewal failed before and pauses are the way to try again.
 */
export type Haste = 'urgent' | 'calm';

/** What a refresher is made of. */
export interface RefresherInit<Caller, Value> {
  readonly runtime: Runtime;
  /** Gets a new value; called by one flight at a time. */
  renew(caller: Caller, haste: Haste): Promise<Renewed<Value>>;
  /** What this error asks of the pause after it. */
  pauseDemand(error: unknown): PauseDemand;
  /** `caller` is the one whose question started the flight. Must not throw. */
  notify(event: RefreshEvent, caller: Caller): void;
}

/** One question to a refresher. */
interface RefreshRequest<Caller> {
  /** Handed to `renew` when this question starts the flight. */
  readonly caller: Caller;
  /** True: the caller wants a value newer than this moment. */
  readonly forceRefresh: boolean;
}

/** Gives the held value at once, or a promise when the caller has to wait. */
export type Refresher<Caller, Value> = (request: RefreshRequest<Caller>) => Value | Promise<Value>;

type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

interface Held<Value> {
  readonly value: Value;
  readonly lease: Lease;
}

interface Failure {
  readonly error: unknown;
  readonly pause: Pause;
}

/** Never rejects: a flight that nobody waits for cannot end as an unhandled rejection. */
type Flight<Value> = Promise<Outcome<Value>>;

/**
 * Holds one value and keeps it fresh by the rules of {@link decide}: one flight at a time, refresh in the background
 * before the end, the last good value kept through failures, a pause after each. No timer runs between questions.
 */
export function createRefresher<Caller, Value>(init: RefresherInit<Caller, Value>): Refresher<Caller, Value> {
  const { runtime } = init;
  const clock = createClock(runtime);
  let held: Held<Value> | undefined;
  let failure: Failure | undefined;
  let drift: Drift | undefined;
  let flight: Flight<Value> | undefined;

  const ask: Refresher<Caller, Value> = (request) => {
    const now = clock();
    const inFlight = flight !== undefined;
    const { forceRefresh } = request;
    const decision = decide({ now, lease: held?.lease, pause: failure?.pause, inFlight, forceRefresh });
    if (decision === 'failAgain' && failure !== undefined) return rejected(failure.error);
    if (held !== undefined && decision === 'use') return held.value;
    const current = (flight ??= start(request, now));
    if (held !== undefined && decision === 'useAndRefresh') return held.value;
    return held !== undefined && decision === 'waitBriefly'
      ? waitBriefly(current, request.caller)
      : holding(runtime, outcomeOf(current, request));
  };

  const start = ({ caller, forceRefresh }: RefreshRequest<Caller>, began: Instant): Flight<Value> => {
    const firstInNeed = !isValid(held?.lease, began) && failure?.pause.whileValid !== false;
    const haste = forceRefresh || firstInNeed ? 'urgent' : 'calm';
    init.notify({ type: 'refreshStarted' }, caller);
    return renewOnce(init, caller, haste).then((outcome) => {
      flight = undefined;
      const now = clock();
      if ('error' in outcome) {
        const facts = { now, flightStart: began, lease: held?.lease, previous: failure?.pause };
        failure = failureAfter(init, outcome.error, facts);
        init.notify(failureEvent(failure, isValid(held?.lease, now)), caller);
        return outcome;
      }
      // Whoever failed may have failed with the whole fleet, and refreshes with it from now on: drift apart again.
      if (failure !== undefined) drift = undefined;
      drift = drift === undefined ? startDrift(runtime.random()) : continueDrift(drift);
      const { value, lifetimeMilliseconds } = outcome;
      held = { value, lease: leaseOf(outcome, now, refreshPoint(drift, runtime.random())) };
      failure = undefined;
      init.notify({ type: 'refreshed', lifetimeMilliseconds }, caller);
      return outcome;
    });
  };

  /** A flight that began while the value was valid may end in vain after it: who needs a value is worth a flight of its own. */
  const outcomeOf = async (current: Flight<Value>, request: RefreshRequest<Caller>): Promise<Value> => {
    const outcome = await current;
    if ('value' in outcome) return outcome.value;
    if (failure?.pause.whileValid === true && !request.forceRefresh) return ask(request);
    throw outcome.error;
  };

  const waitBriefly = async (current: Flight<Value>, caller: Caller): Promise<Value> => {
    const outcome = await holding(runtime, within(runtime, shortWaitMilliseconds, current));
    if (outcome !== undefined && 'value' in outcome) return outcome.value;
    if (held !== undefined && isValid(held.lease, clock())) return held.value;
    return ask({ caller, forceRefresh: false });
  };

  return ask;
}

/** Renews once and turns both ends into a value. */
async function renewOnce<Caller, Value>(
  init: RefresherInit<Caller, Value>,
  caller: Caller,
  haste: Haste,
): Promise<Renewed<Value> | { readonly error: unknown }> {
  try {
    return await init.renew(caller, haste);
  } catch (error) {
    return { error };
  }
}

/** Of the whole life, also of the part that is over. */
function leaseOf(
  { lifetimeMilliseconds: remaining, ageMilliseconds = 0 }: Renewed<unknown>,
  now: Instant,
  refreshShare: number,
): Lease {
  const start = { wall: now.wall - ageMilliseconds, monotonic: now.monotonic - ageMilliseconds };
  const lifetimeMilliseconds = ageMilliseconds + remaining;
  return { start, lifetimeMilliseconds, refreshAtMilliseconds: lifetimeMilliseconds * refreshShare };
}

function failureAfter<Caller, Value>(
  init: RefresherInit<Caller, Value>,
  error: unknown,
  facts: Omit<FailureFacts, 'demand'>,
): Failure {
  const pause = startPause({ ...facts, demand: init.pauseDemand(error) }, init.runtime.random());
  return { error, pause };
}

function failureEvent({ error, pause }: Failure, stillValid: boolean): RefreshEvent {
  const { failures, milliseconds: pauseMilliseconds } = pause;
  return { type: 'refreshFailed', error, stillValid, failures, pauseMilliseconds };
}

/** Async, so that every caller has a rejection of its own. */
async function rejected(error: unknown): Promise<never> {
  throw error;
}
