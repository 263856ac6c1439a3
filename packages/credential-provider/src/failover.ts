import { isRolesAnywhereError } from '@rolesanywhere/signer';
import type { SessionTarget } from './config/fallbacks.js';
import { SessionError, type SessionErrorCode } from './errors.js';
import type { Runtime } from './runtime.js';

/** After this long with a fallback the first target has its turn again: fifteen minutes. */
const stayMilliseconds = 900_000;

/** What another region may do better: everything that is no answer of the service about this certificate. */
const outages: readonly SessionErrorCode[] = ['NETWORK_FAILED', 'TIMED_OUT', 'SERVICE_FAILED'];

/** One request for a session, of whichever target gives it. */
export interface FailoverRequest<Answer> {
  /** The first target and its fallbacks. */
  readonly targets: readonly SessionTarget[];
  /** For all of them together. */
  readonly totalTimeoutMilliseconds: number;
  call(target: SessionTarget, timeoutMilliseconds: number): Promise<Answer>;
  /** Told when a fallback gave the answer. */
  usedFallback(target: SessionTarget): void;
}

/** Asks target after target. */
export type Failover = <Answer>(request: FailoverRequest<Answer>) => Promise<Answer>;

interface Miss {
  readonly target: SessionTarget;
  readonly error: SessionError;
}

/**
 * Asks the first target, and on an outage the next. A refusal, throttling and whatever is wrong here end the row: another
 * target would only hide it. The one that worked last is asked first for a quarter of an hour, so that an outage costs its
 * time-out once. Each target but the last gets half of the time that is left.
 */
export function createFailover(runtime: Pick<Runtime, 'monotonic'>): Failover {
  let preferred: { readonly index: number; readonly since: number } | undefined;

  return async (request) => {
    const { targets, totalTimeoutMilliseconds } = request;
    const start = runtime.monotonic();
    if (preferred !== undefined && start - preferred.since >= stayMilliseconds) preferred = undefined;
    const misses: Miss[] = [];
    for (const index of orderOf(targets.length, preferred?.index)) {
      const target = targets[index];
      const remaining = totalTimeoutMilliseconds - (runtime.monotonic() - start);
      if (target === undefined || remaining <= 0) break;
      const isLast = misses.length === targets.length - 1;
      try {
        const answer = await request.call(target, isLast ? remaining : remaining / 2);
        if (index === 0) preferred = undefined;
        else if (preferred?.index !== index) preferred = { index, since: runtime.monotonic() };
        if (index > 0) request.usedFallback(target);
        return answer;
      } catch (error) {
        if (!isOutage(error)) throw error;
        misses.push({ target, error });
      }
    }
    throw outageOf(misses, targets[0]);
  };
}

function orderOf(count: number, preferred: number | undefined): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  if (preferred === undefined || preferred >= count) return order;
  return [preferred, ...order.filter((index) => index !== preferred)];
}

function isOutage(error: unknown): error is SessionError {
  return isRolesAnywhereError(error) && outages.some((code) => code === error.code);
}

/** The first target's error, which tells most, and what became of the others. */
function outageOf(misses: readonly Miss[], first: SessionTarget | undefined): SessionError {
  const main = misses.find(({ target }) => target === first) ?? misses[0];
  if (main === undefined) {
    return new SessionError({ code: 'TIMED_OUT', message: 'There was no time to ask for a session.' });
  }
  if (misses.length === 1) return main.error;
  const others = misses
    .filter((miss) => miss !== main)
    .map(({ target, error }) => `${target.settings.trustAnchorArn} (${error.code})`);
  const { code, status, requestId, serviceCode, retryAfterMilliseconds, $metadata } = main.error;
  const message = `${main.error.message} No fallback gave a session either: ${others.join(', ')}.`;
  const facts = { status, requestId, serviceCode, retryAfterMilliseconds, $metadata };
  return new SessionError({ code, message, cause: main.error, ...facts });
}
