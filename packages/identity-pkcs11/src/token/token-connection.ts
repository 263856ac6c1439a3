import { CKR, CryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';
import type { Cryptoki } from '../module/cryptoki.js';
import type { ModuleLease, TokenMemory } from '../module/module-registry.js';
import type { PinSource } from '../pin/pin-source.js';
import { type LoggedIn, logIn } from './log-in.js';
import { createSessionPool } from './session-pool.js';
import type { FoundToken } from './token-facts.js';

/** What a connection is made of. */
export interface TokenConnectionInit {
  readonly lease: ModuleLease;
  readonly token: FoundToken;
  readonly pin: PinSource;
  readonly maxSessions: number;
  readonly place: string;
}

/** Sessions with a token, logged in. Its handles mean nothing after it. */
export interface TokenConnection extends LoggedIn {
  readonly cryptoki: Cryptoki;
  readonly token: FoundToken;
  readonly mechanisms: readonly number[];
  /** As that of a pool. */
  run<Result>(work: (session: Handle) => Promise<Result>): Promise<Result>;
  /** The sessions are lost: closes what can be closed, without a word. */
  abandon(): void;
  /** Waits for the work that was begun, logs out if nobody else uses the token, and closes the sessions. */
  close(): Promise<void>;
}

/**
 * Asks for the PIN, opens a session and logs in.
 *
 * @throws IdentityError `PASSPHRASE_REQUIRED`, `PASSPHRASE_WRONG`; CryptokiError
 */
export async function connectToken(init: TokenConnectionInit): Promise<TokenConnection> {
  const { lease, token, maxSessions } = init;
  const { module } = lease;
  const { cryptoki } = module;
  const pin = await init.pin();
  // From here on in one piece, so that the module is not started anew in between.
  const { generation } = module;
  const memory = memoryOf(module.tokens, `${token.facts.token}\0${token.facts.serial}`);
  const first = cryptoki.openSession(token.slot);

  // After a restart of the module the same number may be a session of someone else.
  const closeSession = (session: Handle): void => {
    if (module.generation === generation) quietly(() => cryptoki.closeSession(session));
  };
  const leave = leaver(memory);
  try {
    const login = logIn({ ...init, pin, cryptoki, session: first, memory });
    const mechanisms = cryptoki.mechanisms(token.slot);
    const open = (): Handle => {
      if (module.generation !== generation) throw new CryptokiError('C_OpenSession', CKR.sessionClosed);
      return cryptoki.openSession(token.slot);
    };
    const pool = createSessionPool({ first, maxSessions, open, close: closeSession });
    const abandon = (): void => {
      leave();
      pool.abandon();
    };
    return {
      cryptoki,
      token,
      mechanisms,
      authenticate: (session) => login.authenticate(session),
      run: (work) => pool.run((session) => lease.during(generation, () => work(session))),
      abandon,
      async close() {
        await pool.settled();
        // The others of this process stay logged in.
        if (memory.users === 1 && memory.acceptedPin !== undefined && module.generation === generation)
          await pool.run(async (session) => quietly(() => cryptoki.logout(session)));
        abandon();
      },
    };
  } catch (error) {
    leave();
    closeSession(first);
    throw error;
  }
}

/** One more user of the token, until the answer is called. */
function leaver(memory: TokenMemory): () => void {
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

function memoryOf(tokens: Map<string, TokenMemory>, name: string): TokenMemory {
  const known = tokens.get(name);
  if (known !== undefined) return known;
  const memory: TokenMemory = { users: 0, refusedPins: new Set(), acceptedPin: undefined };
  tokens.set(name, memory);
  return memory;
}

function quietly(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof CryptokiError)) throw error;
  }
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
