import type { Handle } from '../module/addon.js';
import { type ConnectorInit, createConnector } from './connector.js';
import { NoTokenError } from './match-token.js';
import { type TokenConnection, isLost } from './token-connection.js';

/** Work that needs a session. */
export type TokenWork<Result> = (connection: TokenConnection, session: Handle) => Promise<Result>;

/** The way to a token that may go away and come back. */
export interface TokenLink {
  /** Does the work with a session; once more with new ones when the sessions were lost. */
  run<Result>(work: TokenWork<Result>): Promise<Result>;
  /** Waits for the work that was begun; what comes later is refused by `closing`. Never rejects. */
  close(): Promise<void>;
}

/** With the first try: once with new sessions, once with the module started anew. */
const ATTEMPTS = 3;

/** A link that connects at the first work. */
export function createTokenLink(init: ConnectorInit): TokenLink {
  const connector = createConnector(init);
  let connecting: Promise<TokenConnection> | undefined;

  /** Callers at the same time share one connection, and so one login. */
  function connection(): Promise<TokenConnection> {
    connecting ??= connector.connect().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  }

  async function run<Result>(work: TokenWork<Result>): Promise<Result> {
    init.closing.throwIfAborted();
    for (let attempt = 1; ; attempt += 1) {
      let used: Promise<TokenConnection> | undefined;
      let connected: TokenConnection | undefined;
      const generation = connector.generation();
      try {
        used = connection();
        connected = await used;
        const live = connected;
        return await live.run((session) => work(live, session));
      } catch (error) {
        const isAbsent = error instanceof NoTokenError;
        if (attempt === ATTEMPTS || !(isAbsent || isLost(error))) throw error;
        // Only the first that notices drops the connection: those after it find the new one.
        if (connecting === used) connecting = undefined;
        const isFirst = connecting === undefined;
        await connected?.abandon();
        // A module that lost its peer (p11-kit) or its readers (pcscd) often finds them only when it is started anew.
        const isWanted = isFirst && (connected === undefined || attempt > 1);
        if (isWanted && !(await connector.restart(generation)) && isAbsent) throw error;
      }
    }
  }

  async function close(): Promise<void> {
    const connected = await connecting?.catch(() => undefined);
    connecting = undefined;
    await connected?.close().catch(() => undefined);
    await connector.release();
  }

  return { run, close };
}
