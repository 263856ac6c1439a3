import type { SessionCaller } from './create-call.js';
import type { Host, HostReport } from './host.js';
import { epoch, type Timeline } from './timeline.js';

/** What the memo of the AWS SDK looks at. */
export interface ExpiringIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly expiration: Date;
}

/** The memo that a client of the AWS SDK puts around a credential provider that has none of its own. */
export type Memoize = (provider: () => Promise<ExpiringIdentity>) => () => Promise<ExpiringIdentity>;

/** How often the application sends a request: seldom, since each request while nothing is valid is a call. */
const requestEveryMilliseconds = 30_000;

/**
 * A host whose provider does nothing but call, behind the SDK's memo. `Date.now` must give the virtual time, since the memo
 * reads it. Requests to which the memo gives the held identity without doing anything are left out.
 */
export function createMemoHost(
  timeline: Timeline,
  call: SessionCaller,
  { memoize, report }: { readonly memoize: Memoize; readonly report: HostReport },
): Host {
  let endsAt = 0;
  const credentials = memoize(async () => {
    timeline.touch();
    const { lifetimeMilliseconds } = await call('urgent');
    endsAt = timeline.now + lifetimeMilliseconds;
    report.got(endsAt);
    return { accessKeyId: 'ASIA', secretAccessKey: 'key', expiration: new Date(epoch + endsAt) };
  });
  const request = (): void => {
    timeline.touch();
    credentials().then(
      () => later(Math.max(endsAt - 300_000, timeline.now)),
      () => {
        report.failed();
        later(timeline.now);
      },
    );
  };
  const later = (time: number): void => {
    timeline.at(time + timeline.random() * 2 * requestEveryMilliseconds, request);
  };
  return { start: request };
}
