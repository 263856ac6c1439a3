import type { Fault, FaultSchedule } from './faults.js';

/**
 * A schedule that throttles what comes faster than the quota, and leaves the rest to another schedule. A bucket of one
 * second's requests, filled evenly.
 * @param perSecond - requests each second; undefined for no quota
 * @see AWS General Reference, "AWS Identity and Access Management Roles Anywhere endpoints and quotas"
 */
export function limitRate(perSecond: number | undefined, otherwise: FaultSchedule): FaultSchedule {
  if (perSecond === undefined) return otherwise;
  let tokens = Math.max(1, perSecond);
  let filledAt: number | undefined;
  return (call): Fault | undefined => {
    const now = call.at.getTime();
    const gained = (Math.max(0, now - (filledAt ?? now)) * perSecond) / 1000;
    tokens = Math.min(Math.max(1, perSecond), tokens + gained);
    filledAt = now;
    if (tokens < 1) return { type: 'throttle' };
    tokens -= 1;
    return otherwise(call);
  };
}
