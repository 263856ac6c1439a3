import type { Authorize } from './caller.js';
import type { Callers } from './callers.js';

/** What the handlers of both services share. */
export interface ServiceContext {
  readonly accountId: string;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Uint8Array;
  readonly authorize: Authorize;
  readonly callers: Callers;
}
