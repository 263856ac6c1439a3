import {
  decide,
  isValid,
  shortWaitMilliseconds,
  startLease,
  startPause,
  type Instant,
  type Lease,
  type Pause,
} from './refresh-rules.js';
import type { Runtime } from './runtime.js';

/** A fresh value and how long it may be used, counted from now. */
export interface Renewed<Value> {
  readonly value: Value;
  readonly lifetimeMilliseconds: number;
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

/** What a refresher is made of. */
export interface RefresherInit<Caller, Value> {
  readonly runtime: Runtime;
  /** Gets a new value; called by one flight at a time. */
  renew(caller: Caller): Promise<Renewed<Value>>;
  /** The least pause that must follow this error, in milliseconds. */
  leastPause(error: unknown): number;
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

/**
 * Holds one value and keeps it fresh by the rules of {@link decide}: one flight at a time, refresh in the background
 * before the end, the last good value kept through failures, a pause after each. No timer runs between questions.
 */
export function createRefresher<Caller, Value>(init: RefresherInit<Caller, Value>): Refresher<Caller, Value> {
  const { runtime } = init;
  let held: { readonly value: Value; readonly lease: Lease } | undefined;
  let failure: { readonly error: unknown; readonly pause: Pause } | undefined;
  let flight: Promise<Outcome<Value>> | undefined;

  const ask: Refresher<Caller, Value> = (request) => {
    const now = instantOf(runtime);
    const decision = decide({
      now,
      lease: held?.lease,
      pause: failure?.pause,
      inFlight: flight !== undefined,
      forceRefresh: request.forceRefresh,
    });
    if (decision === 'failAgain' && failure !== undefined) return rejected(failure.error);
    if (held !== undefined && decision === 'use') return held.value;
    const started = (flight ??= start(request.caller));
    if (held !== undefined && decision === 'useAndRefresh') return held.value;
    return held !== undefined && decision === 'waitBriefly'
      ? waitBriefly(started, request.caller)
      : holding(runtime, started.then(unwrap));
  };

  /** Starts the flight. Its promise never rejects: a flight that nobody waits for cannot end as an unhandled rejection. */
  const start = (caller: Caller): Promise<Outcome<Value>> => {
    init.notify({ type: 'refreshStarted' }, caller);
    const landed = fly(init, caller).then((outcome) => {
      flight = undefined;
      if ('error' in outcome) {
        const now = instantOf(runtime);
        const pause = pauseAfter(init, outcome.error, { now, held: held?.lease, last: failure?.pause });
        failure = { error: outcome.error, pause };
        init.notify(failureEvent(failure), caller);
      } else {
        held = { value: outcome.value, lease: outcome.lease };
        failure = undefined;
      }
      return outcome;
    });
    return landed;
  };

  const waitBriefly = async (started: Promise<Outcome<Value>>, caller: Caller): Promise<Value> => {
    const outcome = await holding(runtime, within(runtime, started));
    if (outcome !== undefined && 'value' in outcome) return outcome.value;
    if (held !== undefined && isValid(held.lease, instantOf(runtime))) return held.value;
    return ask({ caller, forceRefresh: false });
  };

  return ask;
}

/** Renews once and turns both ends into a value. */
async function fly<Caller, Value>(
  init: RefresherInit<Caller, Value>,
  caller: Caller,
): Promise<{ readonly value: Value; readonly lease: Lease } | { readonly error: unknown }> {
  try {
    const { value, lifetimeMilliseconds } = await init.renew(caller);
    const lease = startLease(lifetimeMilliseconds, instantOf(init.runtime), init.runtime.random());
    init.notify({ type: 'refreshed', lifetimeMilliseconds }, caller);
    return { value, lease };
  } catch (error) {
    return { error };
  }
}

/** The pause in which the error is repeated. */
function pauseAfter<Caller, Value>(
  init: RefresherInit<Caller, Value>,
  error: unknown,
  state: { readonly now: Instant; readonly held: Lease | undefined; readonly last: Pause | undefined },
): Pause {
  const facts = {
    now: state.now,
    whileValid: isValid(state.held, state.now),
    previous: state.last,
    leastMilliseconds: init.leastPause(error),
  };
  return startPause(facts, init.runtime.random());
}

function failureEvent({ error, pause }: { readonly error: unknown; readonly pause: Pause }): RefreshEvent {
  const { whileValid: stillValid, failures, milliseconds: pauseMilliseconds } = pause;
  return { type: 'refreshFailed', error, stillValid, failures, pauseMilliseconds };
}

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Async, so that every caller has a rejection of its own. */
async function rejected(error: unknown): Promise<never> {
  throw error;
}

/** The outcome, or undefined after the short wait. */
function within<Value>(
  runtime: Runtime,
  outcome: Promise<Outcome<Value>>,
): Promise<Outcome<Value> | undefined> {
  return new Promise((resolve) => {
    const cancel = runtime.after(shortWaitMilliseconds, () => resolve(undefined));
    const arrive = (landed: Outcome<Value>): void => {
      cancel();
      resolve(landed);
    };
    void outcome.then(arrive);
  });
}

/** A flight never keeps a finished process alive; a caller who waits for it does. */
async function holding<T>(runtime: Runtime, promise: Promise<T>): Promise<T> {
  const release = runtime.hold();
  try {
    return await promise;
  } finally {
    release();
  }
}

function instantOf(runtime: Runtime): Instant {
  return { wall: runtime.now(), monotonic: runtime.monotonic() };
}
