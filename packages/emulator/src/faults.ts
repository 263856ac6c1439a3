import { faultyAnswer, type FaultyAnswer } from './fault-answers.js';
import type { Delivery, RawHandler, RawRequest, RawResponse } from './http.js';
import type { RandomBytes } from './random.js';

/**
 * Trouble for one request. The first group is answered without a look at the request, and without a verdict; the second is
 * judged first.
 *
 * - `throttle` 429 `ThrottlingException`; `serverError` 500, or another 5xx
 * - `redirect` 301, or another 3xx; `webPage` HTML with status 200, as a captive portal gives
 * - `emptyObject` 201 `{}`; `reset`, `blackHole` no answer at all
 * - `clockSkew` a service whose clock is so many seconds ahead (negative: behind)
 * - `emptyCredentialSet` a session without credentials; `expiration` one that ends so many seconds from now, or, when absent,
 *   one that does not say when
 * - `slow` the answer so many milliseconds later; `drip`, `truncated`, `huge` a body that travels badly
 */
export type Fault =
  | FaultyAnswer
  | Extract<Delivery, { type: 'reset' | 'blackHole' }>
  | { readonly type: 'clockSkew'; readonly seconds: number }
  | { readonly type: 'emptyCredentialSet' }
  | { readonly type: 'expiration'; readonly seconds?: number }
  | { readonly type: 'slow'; readonly milliseconds: number }
  | Exclude<Delivery, { type: 'reset' | 'blackHole' }>;

/** Which request a fault is asked for. */
export interface FaultCall {
  /** Requests before this one. */
  readonly index: number;
  /** The emulator's clock. */
  readonly at: Date;
  readonly request: RawRequest;
}

/** Decides on the fault of a request; undefined for none. */
export type FaultSchedule = (call: FaultCall) => Fault | undefined;

/** The trouble that lies ahead. */
export interface Faults {
  /** The next requests meet these, one each; more are put in line behind. They come before the schedule's and the quota's. */
  next(...faults: readonly Fault[]): void;
  /** Forgets those that are in line. */
  clear(): void;
  /** How many are in line. */
  readonly waiting: number;
}

/** What faults need beside the requests. */
export interface FaultContext {
  readonly clock: () => Date;
  readonly random: RandomBytes;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly schedule: FaultSchedule;
  /** The service itself, on a given clock. */
  readonly serve: (request: RawRequest, clock: () => Date) => Promise<RawResponse>;
}

/** Puts faults before a service. */
export function createFaults(context: FaultContext): {
  readonly faults: Faults;
  readonly handle: RawHandler;
} {
  let line: readonly Fault[] = [];
  let index = 0;
  const take = (request: RawRequest): Fault | undefined => {
    const call = { index, at: context.clock(), request };
    index += 1;
    const [first, ...rest] = line;
    line = rest;
    return first ?? context.schedule(call);
  };
  return {
    handle: async (request) => afflict(take(request), request, context),
    faults: {
      next: (...faults) => {
        line = [...line, ...faults];
      },
      clear: () => {
        line = [];
      },
      get waiting() {
        return line.length;
      },
    },
  };
}

async function afflict(
  fault: Fault | undefined,
  request: RawRequest,
  context: FaultContext,
): Promise<RawResponse> {
  const { clock, serve } = context;
  if (fault === undefined) return serve(request, clock);
  switch (fault.type) {
    case 'reset':
    case 'blackHole':
      return { status: 500, headers: {}, body: '', delivery: fault };
    case 'drip':
    case 'truncated':
    case 'huge':
      return { ...(await serve(request, clock)), delivery: fault };
    case 'slow':
      await context.sleep(fault.milliseconds);
      return serve(request, clock);
    case 'clockSkew':
      return serve(request, () => new Date(clock().getTime() + fault.seconds * 1000));
    case 'emptyCredentialSet':
      return withoutCredentials(await serve(request, clock));
    case 'expiration':
      return withExpiration(await serve(request, clock), fault.seconds, clock());
    case 'throttle':
    case 'serverError':
    case 'redirect':
    case 'webPage':
    case 'emptyObject':
    default:
      return faultyAnswer(fault, context);
  }
}

function withoutCredentials(answer: RawResponse): RawResponse {
  return answer.status === 201 ? { ...answer, body: '{"credentialSet":[]}' } : answer;
}

/** Absent seconds take the member away. */
function withExpiration(answer: RawResponse, seconds: number | undefined, now: Date): RawResponse {
  if (answer.status !== 201) return answer;
  const expiration =
    seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000).toISOString();
  const body = JSON.stringify(
    JSON.parse(Buffer.from(answer.body).toString('utf8'), (name, value: unknown) =>
      name === 'expiration' ? expiration : value,
    ),
  );
  return { ...answer, body };
}
