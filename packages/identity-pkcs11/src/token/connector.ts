import { leaseModule } from '../module/module-registry.js';
import type { ModuleLease } from '../module/shared-module.js';
import type { PinSource } from '../pin/pin-source.js';
import { type TokenSearch, findToken } from './find-token.js';
import { type TokenConnection, connectToken } from './token-connection.js';

/** What a connector is made of. */
export interface ConnectorInit {
  readonly modulePaths: readonly string[];
  /** What the module is told at its start. */
  readonly moduleParameters: string | undefined;
  readonly search: TokenSearch;
  readonly pin: PinSource;
  readonly maxSessions: number;
  /** Aborted with an error when the identity is closed. */
  readonly closing: AbortSignal;
}

/** Makes connections with the wanted token, one after the other, in a module that it holds. */
export interface Connector {
  /** @throws IdentityError, CryptokiError */
  connect(): Promise<TokenConnection>;
  /** Of the module: another number after it was started anew. Undefined before the first connection. */
  generation(): number | undefined;
  /** Starts the module anew, unless somebody did since `generation`; false when that may not be. */
  restart(generation: number | undefined): Promise<boolean>;
  /** Gives the module back. Never rejects. */
  release(): Promise<void>;
}

/** A connector that loads the module when it connects for the first time. */
export function createConnector(init: ConnectorInit): Connector {
  const { closing, search, maxSessions } = init;
  let lease: Promise<ModuleLease> | undefined;
  let held: ModuleLease | undefined;

  async function hold(): Promise<ModuleLease> {
    lease ??= leaseModule(init.modulePaths, init.moduleParameters);
    try {
      held = await lease;
      return held;
    } catch (error) {
      lease = undefined;
      throw error;
    }
  }

  return {
    async connect() {
      closing.throwIfAborted();
      const leased = await hold();
      const find = (): ReturnType<typeof findToken> => findToken(leased.cryptoki, search);
      // Nobody is asked for the PIN of a token that is not there.
      await leased.during(find);
      const pin = await beforeEnd(closing, init.pin);
      // A person may have put in another token meanwhile, and that must not get the PIN.
      return leased.during(async (generation) =>
        connectToken({
          lease: leased,
          generation,
          token: await find(),
          pin,
          maxSessions,
          place: search.place,
        }),
      );
    },
    generation: () => held?.generation(),
    restart: async (generation) =>
      held !== undefined && (generation === undefined || held.restart(generation)),
    async release() {
      const leased = await lease?.catch(() => undefined);
      await leased?.release();
    },
  };
}
/** The answer, or the reason of the end: a person may never answer. */
async function beforeEnd<Result>(signal: AbortSignal, ask: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    // The reason is an IdentityError.
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([ask(), ended]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
