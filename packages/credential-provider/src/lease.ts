import { elapsed, type Instant } from './instant.js';

/** How long a value may be used, counted from when it was made. */
export interface Lease {
  readonly start: Instant;
  readonly lifetimeMilliseconds: number;
  /** Age at which a background refresh begins. */
  readonly refreshAtMilliseconds: number;
}

/** True while a value of this lease may be handed out. */
export function isValid(lease: Lease | undefined, now: Instant): lease is Lease {
  return remainingLife(lease, now) > 0;
}

/** Milliseconds for which a value of this lease may still be used; 0 or less when it may not. */
export function remainingLife(lease: Lease | undefined, now: Instant): number {
  return lease === undefined ? 0 : lease.lifetimeMilliseconds - elapsed(lease.start, now);
}
