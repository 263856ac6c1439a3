import { CKR, CryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { Cryptoki } from '../module/cryptoki.js';
import { quietly } from '../module/running-module.js';
import type { ModuleLease } from '../module/shared-module.js';
import type { TokenMemory } from '../module/token-memory.js';
import { type LoggedIn, logIn } from './log-in.js';
import { type SessionPool, createSessionPool } from './session-pool.js';
import type { FoundToken } from './token-facts.js';

/** What a connection is made of. */
export interface TokenConnectionInit {
  readonly lease: ModuleLease;
  /** That the token was found in. */
  readonly generation: number;
  readonly token: FoundToken;
  /** Undefined: there is none. */
  readonly pin: string | undefined;
  readonly maxSessions: number;
  readonly place: string;
}

/** Sessions with a token, logged in. Its handles mean nothing after it. */
export interface TokenConnection extends LoggedIn {
  readonly cryptoki: Cryptoki;
  readonly mechanisms: readonly number[];
  /** As that of a pool. */
  run<Result>(work: (session: Handle) => Promise<Result>): Promise<Result>;
  /** The sessions are lost: closes what can be closed, without a word. */
  abandon(): Promise<void>;
  /** Waits for the work that was begun, logs out if nobody else uses the token, and closes the sessions. */
  close(): Promise<void>;
}

/**
 * Opens a session and logs in.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`; CryptokiError
 */
export async function connectToken(init: TokenConnectionInit): Promise<TokenConnection> {
  const { lease, generation, token, maxSessions } = init;
  const { cryptoki } = lease;
  const memory = lease.memoryOf(`${token.facts.token}\0${token.facts.serial}`);
  const leave = enter(memory);
  const open = (): Promise<Handle> => cryptoki.openSession(token.slot);
  // After a restart of the module the same number may be a session of someone else.
  const close = (session: Handle): Promise<void> =>
    quietly(() => lease.within(generation, () => cryptoki.closeSession(session)));
  let first: Handle | undefined;
  try {
    first = await open();
    const login = await logIn({ ...init, cryptoki, session: first, memory });
    const mechanisms = await cryptoki.mechanisms(token.slot);
    const pool = createSessionPool({ first, maxSessions, open, close });
    const within: SessionPool['run'] = (work) => lease.within(generation, () => pool.run(work));
    const abandon = async (): Promise<void> => {
      leave();
      await pool.abandon();
    };
    return {
      cryptoki,
      mechanisms,
      withPin: (send) => login.withPin(send),
      run: within,
      abandon,
      async close() {
        await pool.settled();
        await memory.inLine(() => logOutLast(memory, () => within((session) => cryptoki.logout(session))));
        await abandon();
      },
    };
  } catch (error) {
    leave();
    if (first !== undefined) await close(first);
    throw error;
  }
}

/** One more user of the token, until the answer is called. */
function enter(memory: TokenMemory): () => void {
  let isHere = true;
  memory.users += 1;
  return () => {
    if (!isHere) return;
    isHere = false;
    memory.users -= 1;
    // Nobody of this process has a session any more, so it is logged out.
    if (memory.users === 0) memory.acceptedPin = undefined;
  };
}

/** The others of this process stay logged in. */
async function logOutLast(memory: TokenMemory, logOut: () => Promise<void>): Promise<void> {
  if (memory.users > 1 || memory.acceptedPin === undefined) return;
  memory.acceptedPin = undefined;
  await quietly(logOut);
}

/** The token was away, or the module was started anew. */
const AWAY: ReadonlySet<number> = new Set([
  CKR.deviceRemoved,
  CKR.sessionClosed,
  CKR.sessionHandleInvalid,
  CKR.tokenNotPresent,
  CKR.cryptokiNotInitialized,
]);
/** The same in other words, or what was known of the token is stale. */
const STALE: ReadonlySet<number> = new Set([
  CKR.slotIdInvalid,
  CKR.generalError,
  CKR.functionFailed,
  CKR.deviceError,
  CKR.keyHandleInvalid,
  CKR.objectHandleInvalid,
  CKR.operationActive,
  CKR.operationNotInitialized,
  CKR.userNotLoggedIn,
]);

/** Whether new sessions may help. A login is repeated only when the token surely did not see the PIN: it counts them. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof CryptokiError)) return false;
  return AWAY.has(error.code) || (error.call !== 'C_Login' && STALE.has(error.code));
}
