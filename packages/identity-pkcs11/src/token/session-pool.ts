import { CKR, CryptokiError, isCryptokiError } from '../errors/cryptoki-error.js';
import type { Handle } from '../module/addon.js';

/** How a pool gets its sessions. */
export interface SessionPoolInit {
  /** The session that is open already. */
  readonly first: Handle;
  /** 1 or more. */
  readonly maxSessions: number;
  open(): Promise<Handle>;
  /** Must not reject. */
  close(session: Handle): Promise<void>;
}

/** Sessions of one token. Each does one thing at a time (PKCS#11 §5.1), so work that finds none free waits in line. */
export interface SessionPool {
  /** @throws CryptokiError `CKR_SESSION_CLOSED` once the pool was abandoned, and whatever the work throws */
  run<Result>(work: (session: Handle) => Promise<Result>): Promise<Result>;
  /** The sessions are lost: refuses those in line, and closes what is open and not in use. */
  abandon(): Promise<void>;
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
      await sessions.giveBack(session);
      return result;
    } catch (error) {
      await sessions.giveBack(session, error);
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
  giveBack(session: Handle, error?: unknown): Promise<void>;
  abandon(): Promise<void>;
}

function createSessions(init: SessionPoolInit): Sessions {
  const idle: Handle[] = [init.first];
  const waiting: (() => void)[] = [];
  /** With those that are being opened. */
  let open = 1;
  let limit = init.maxSessions;
  let isAbandoned = false;

  /** Undefined when the token has no more of them. */
  async function openAnother(): Promise<Handle | undefined> {
    open += 1;
    try {
      return await init.open();
    } catch (error) {
      open -= 1;
      waiting.shift()?.();
      if (!isCryptokiError(error, [CKR.sessionCount])) throw error;
      limit = Math.max(open, 1);
      return undefined;
    }
  }

  return {
    async take() {
      for (;;) {
        if (isAbandoned) throw new CryptokiError('C_OpenSession', CKR.sessionClosed);
        const session = idle.pop() ?? (open < limit ? await openAnother() : undefined);
        if (session !== undefined) return session;
        if (idle.length > 0) continue;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
    async giveBack(session, error) {
      // What was begun in it may be unfinished. The last one stays all the same: a token logs out with it.
      const isUsable = !isAbandoned && (open === 1 || !(error instanceof CryptokiError));
      if (isUsable) idle.push(session);
      else open -= 1;
      waiting.shift()?.();
      if (!isUsable) await init.close(session);
    },
    async abandon() {
      isAbandoned = true;
      for (const resume of waiting.splice(0)) resume();
      await Promise.all(idle.splice(0).map((session) => init.close(session)));
    },
  };
}
