import { pauseDemand } from '../../../src/errors.js';
import { createRefresher, type RefreshEvent } from '../../../src/refresh.js';
import type { SessionCaller } from './create-call.js';
import type { Host, HostReport } from './host.js';
import type { Timeline } from './timeline.js';

/** How often the application asks. */
const askEveryMilliseconds = 15_000;

/**
 * A host on this package's refresh rules. Its application asks all the time; questions to which the rules give the held
 * value, or the last error, without doing anything are left out: before two thirds of a session, and in pauses.
 */
export function createRefreshingHost(timeline: Timeline, call: SessionCaller, report: HostReport): Host {
  let endsAt = 0;
  let twoThirdsAt = 0;
  let pauseEndsAt = 0;
  const notify = (event: RefreshEvent): void => {
    if (event.type === 'refreshFailed') pauseEndsAt = timeline.now + event.pauseMilliseconds;
    if (event.type !== 'refreshed') return;
    endsAt = timeline.now + event.lifetimeMilliseconds;
    twoThirdsAt = timeline.now + (event.lifetimeMilliseconds * 2) / 3;
    report.got(endsAt);
  };
  const refresher = createRefresher<undefined, number>({
    runtime: timeline.runtime,
    pauseDemand,
    notify,
    renew: async (_caller, haste) => {
      timeline.touch();
      const { lifetimeMilliseconds } = await call(haste);
      return { value: timeline.now + lifetimeMilliseconds, lifetimeMilliseconds };
    },
  });
  const ask = (): void => {
    const given = refresher({ caller: undefined, forceRefresh: false });
    if (typeof given === 'number') return askAgain(given);
    timeline.touch();
    given.then(askAgain, () => {
      report.failed();
      later(pauseEndsAt);
    });
  };
  const askAgain = (ends: number): void => {
    if (ends <= timeline.now) report.failed();
    later(Math.max(twoThirdsAt, Math.min(pauseEndsAt, endsAt), timeline.now + askEveryMilliseconds));
  };
  const later = (time: number): void => {
    timeline.at(time + timeline.random() * 1000, ask);
  };
  return { start: ask };
}
