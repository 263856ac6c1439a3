import { createBackOffCaller, type BackOff } from './back-off-caller.js';
import { createSessionCaller } from './create-call.js';
import type { HostReport } from './host.js';
import { createMemoHost, type Memoize } from './memo-host.js';
import { createQuotaService, type QuotaServiceInit } from './quota-service.js';
import { createRefreshingHost } from './refreshing-host.js';
import { createTimeline, epoch, type Timeline } from './timeline.js';

export interface FleetPlan extends QuotaServiceInit {
  /** All start within one second. */
  readonly hosts: number;
  readonly seed: number;
  readonly hours: number;
  /** Absent: this package's rules. Else the SDK's memo around a provider that only calls. */
  readonly memoize?: Memoize | undefined;
  /** In place of the retries of this package's call. */
  readonly backOff?: BackOff | undefined;
}

export interface FleetResult {
  readonly callsByMinute: readonly number[];
  readonly sessionsByMinute: readonly number[];
  /** Seconds until the last host had its first session; Infinity when one never had. */
  readonly startedAfterSeconds: number;
  /** Calls until then, for each host. */
  readonly startCallsPerHost: number;
  /** Hosts whose application had a request without credentials after the first session, and the longest such time. */
  readonly hostsLetDown: number;
  readonly longestGapSeconds: number;
  /** The least life that was left when a new session came, in seconds; negative: it had ended. */
  readonly leastLeftSeconds: number;
}

interface Tally {
  hasSession: boolean;
  endsAt: number;
  failingSince: number | undefined;
  letDown: boolean;
}

/** Lets a fleet live on virtual time. */
export async function simulateFleet(plan: FleetPlan): Promise<FleetResult> {
  const timeline = createTimeline(plan.seed);
  const service = createQuotaService(timeline, plan);
  const call =
    plan.backOff === undefined
      ? await createSessionCaller(timeline, service)
      : createBackOffCaller(timeline, service, plan.backOff);
  let waiting = plan.hosts;
  let startedAfterSeconds = Number.POSITIVE_INFINITY;
  let startCalls = Number.NaN;
  let leastLeft = Number.POSITIVE_INFINITY;
  let longestGap = 0;
  const totalCalls = (): number => service.callsByMinute.reduce((sum, calls) => sum + calls, 0);
  const observe = (tally: Tally): HostReport => ({
    got: (endsAt) => {
      if (tally.hasSession) leastLeft = Math.min(leastLeft, tally.endsAt - timeline.now);
      else waiting -= 1;
      if (waiting === 0 && startedAfterSeconds === Number.POSITIVE_INFINITY) {
        startedAfterSeconds = timeline.now / 1000;
        startCalls = totalCalls();
      }
      if (tally.failingSince !== undefined)
        longestGap = Math.max(longestGap, timeline.now - tally.failingSince);
      tally.failingSince = undefined;
      tally.hasSession = true;
      tally.endsAt = endsAt;
    },
    failed: () => {
      if (!tally.hasSession) return;
      tally.letDown = true;
      tally.failingSince ??= timeline.now;
    },
  });
  const tallies = Array.from({ length: plan.hosts }, (): Tally => {
    const tally: Tally = { hasSession: false, endsAt: 0, failingSince: undefined, letDown: false };
    const report = observe(tally);
    const { memoize } = plan;
    const host =
      memoize === undefined
        ? createRefreshingHost(timeline, call, report)
        : createMemoHost(timeline, call, { memoize, report });
    timeline.at(timeline.random() * 1000, () => host.start());
    return tally;
  });
  await onVirtualTime(timeline, () => timeline.runUntil(plan.hours * 3_600_000));
  return {
    callsByMinute: service.callsByMinute,
    sessionsByMinute: service.sessionsByMinute,
    startedAfterSeconds,
    startCallsPerHost: startCalls / plan.hosts,
    hostsLetDown: tallies.filter(({ letDown }) => letDown).length,
    longestGapSeconds: longestGap / 1000,
    leastLeftSeconds: leastLeft / 1000,
  };
}

/** The SDK's memo asks `Date.now`, so that has to tell the virtual time meanwhile. */
async function onVirtualTime(timeline: Timeline, live: () => Promise<void>): Promise<void> {
  const dateNow = Date.now;
  Date.now = () => epoch + timeline.now;
  try {
    await live();
  } finally {
    Date.now = dateNow;
  }
}

/** The busiest minute against the mean, from one minute to another. */
export function peakToMean(minutes: readonly number[], from: number, to: number): number {
  const part = minutes.slice(from, to);
  return Math.max(...part) / (part.reduce((sum, count) => sum + count, 0) / part.length);
}
