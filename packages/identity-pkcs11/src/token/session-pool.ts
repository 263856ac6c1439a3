import { CKR, CryptokiError, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';

/** How a pool gets its sessions. */
export interface SessionPoolInit {
  /** The session that is open already. */
  readonly first: Handle;
  /** 1 or more. */
  readonly maxSessions: number;
  open(): Handle;
  /** Must not throw. */
  close(session: Handle): void;
}

/** Sessions of one token. Each does one thing at a time (PKCS#11 §5.1), so work that finds none free waits in line. */
export interface SessionPool {
  /** @throws CryptokiError `CKR_SESSION_CLOSED` once the pool was abandoned, and whatever the work throws */
  run<Result>(work: (session: Handle) => Promise<Result>): Promise<Result>;
  /** The sessions are lost: refuses those in line, and closes what is open. */
  abandon(): void;
  /** Resolves when the work that was begun, or is in line, has ended; the sessions are open still. */
  settled(): Promise<void>;
}

/** Opens further sessions when they are needed, up to what is allowed or the token can do. */
export function createSessionPool(init: SessionPoolInit): SessionPool {
  const sessions = createSessions(init);
  const running = new Set<Promise<unknown>>();

  async function work<Result>(task: (session: Handle) => Promise<Result>): Promise<Result> {
    const session = await sessions.take();
    try {
      const result = await task(session);
      sessions.giveBack(session);
      return result;
    } catch (error) {
      sessions.giveBack(session, error);
      throw error;
    }
  }

  return {
    async run(task) {
      const promise = work(task);
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    abandon: () => sessions.abandon(),
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

interface Sessions {
  take(): Promise<Handle>;
  giveBack(session: Handle, error?: unknown): void;
  abandon(): void;
}

function createSessions(init: SessionPoolInit): Sessions {
  const idle: Handle[] = [init.first];
  const waiting: (() => void)[] = [];
  let open = 1;
  let limit = init.maxSessions;
  let isAbandoned = false;

  function tryTake(): Handle | undefined {
    if (isAbandoned) throw new CryptokiError('C_OpenSession', CKR.sessionClosed);
    const session = idle.pop();
    if (session !== undefined || open >= limit) return session;
    try {
      const opened = init.open();
      open += 1;
      return opened;
    } catch (error) {
      if (!isCryptokiError(error, [CKR.sessionCount])) throw error;
      limit = open;
      return undefined;
    }
  }

  return {
    async take() {
      for (;;) {
        const session = tryTake();
        if (session !== undefined) return session;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
    giveBack(session, error) {
      // What was begun in it may be unfinished. The last one stays all the same: a token logs out with it.
      const isUsable = open === 1 || !(error instanceof CryptokiError);
      if (isUsable && !isAbandoned) idle.push(session);
      else {
        init.close(session);
        open -= 1;
      }
      waiting.shift()?.();
    },
    abandon() {
      isAbandoned = true;
      for (const session of idle.splice(0)) init.close(session);
      for (const resume of waiting.splice(0)) resume();
    },
  };
}
