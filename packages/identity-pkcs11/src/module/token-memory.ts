import { type OneAtATime, oneAtATime } from '../one-at-a-time.js';

/** What this process knows of a token, for as long as it runs: a login is one per process and token (PKCS#11 §5.6). */
export interface TokenMemory {
  /** Identities that use the token now. */
  users: number;
  /** SHA-256 of PINs that the token refused. */
  readonly refusedPins: Set<string>;
  /** SHA-256 of the PIN that this process is logged in with. */
  acceptedPin: string | undefined;
  /** For all that sends a PIN or logs out: a PIN that is being refused must not be on its way a second time. */
  readonly inLine: OneAtATime;
}

/** Nothing is known. */
export function createTokenMemory(): TokenMemory {
  return { users: 0, refusedPins: new Set(), acceptedPin: undefined, inLine: oneAtATime() };
}
