import { SessionError } from '../../../src/errors.js';
import type { SessionCaller } from './create-call.js';
import type { QuotaService } from './quota-service.js';
import type { Timeline } from './timeline.js';

/** Exponential back-off with full jitter. */
export interface BackOff {
  readonly baseSeconds: number;
  readonly factor: number;
  readonly capSeconds: number;
  readonly maxAttempts: number;
}

/** A call that is tried again by the usual rule, for comparison. The defaults of the AWS SDK: 1 s, doubling, 20 s, 3 attempts. */
export function createBackOffCaller(
  timeline: Timeline,
  service: QuotaService,
  backOff: BackOff,
): SessionCaller {
  return async () => {
    for (let attempt = 1; ; attempt += 1) {
      const { status } = await service.call();
      if (status === 201) return { lifetimeMilliseconds: service.sessionSeconds * 1000 };
      if (attempt >= backOff.maxAttempts) {
        const code = status === 429 ? 'THROTTLED' : 'SERVICE_FAILED';
        throw new SessionError({ code, message: String(status) });
      }
      const ceiling = Math.min(backOff.baseSeconds * backOff.factor ** (attempt - 1), backOff.capSeconds);
      await new Promise<void>((resolve) => {
        timeline.runtime.after(timeline.random() * ceiling * 1000, resolve);
      });
    }
  };
}
