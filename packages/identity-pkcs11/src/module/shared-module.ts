import { CKR, CryptokiError } from '../errors/cryptoki-error.js';
import { oneAtATime } from '../one-at-a-time.js';
import type { Cryptoki } from './cryptoki.js';
import type { Addon } from './load-addon.js';
import { type Occupancy, createOccupancy } from './occupancy.js';
import { createRunningModule } from './running-module.js';
import { type TokenMemory, createTokenMemory } from './token-memory.js';

/** A module of the process, in a thread of its own, started for its first user and shut down after its last. */
export interface SharedModule {
  /**
   * @param parameters - for its start, if this is what starts it
   * @throws LoadError; IdentityError `IDENTITY_UNAVAILABLE` when it does not start
   */
  lease(parameters?: string): Promise<ModuleLease>;
}

/** A share in a module. */
export interface ModuleLease {
  readonly cryptoki: Cryptoki;
  /** Grows with every start and end: handles of an earlier one mean nothing any more. */
  generation(): number;
  /** What the process knows of a token, by a name that no other one has. */
  memoryOf(token: string): TokenMemory;
  /** Does work while the module is not started anew; starts it before that, if it is down. */
  during<Result>(work: (generation: number) => Promise<Result>): Promise<Result>;
  /** The same with handles of a generation. @throws CryptokiError `CKR_SESSION_CLOSED` when that has passed */
  within<Result>(generation: number, work: () => Promise<Result>): Promise<Result>;
  /** Shuts the module down and starts it, unless it was since a generation; false when others work with a token. */
  restart(generation: number): Promise<boolean>;
  /** The last one shuts the module down, if it was started here, and ends the thread. */
  release(): Promise<void>;
}

/** A module that is not loaded yet. */
export function createSharedModule(path: string, addon: Addon): SharedModule {
  const inLine = oneAtATime();
  const occupancy = createOccupancy();
  const tokens = new Map<string, TokenMemory>();
  const running = createRunningModule(path, addon);
  const { cryptoki } = running;
  let users = 0;

  /** Also after work that was given up when its user went. */
  async function endIfUnused(): Promise<void> {
    if (users === 0 && occupancy.isIdle()) await running.end();
  }

  async function hold<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await occupancy.hold(work);
    } finally {
      if (users === 0) void inLine(endIfUnused);
    }
  }

  function leave(): Promise<void> {
    users -= 1;
    return inLine(endIfUnused);
  }

  const shareFor = (parameters: string | undefined): Omit<ModuleLease, 'release'> => ({
    cryptoki,
    generation: () => running.generation(),
    memoryOf: (token) => memoryOf(tokens, token),
    async during(work) {
      // In line until the work counts, so that no restart comes between.
      const begun = await inLine(async () => {
        await running.start(parameters);
        const generation = running.generation();
        return { done: hold(() => work(generation)) };
      });
      return begun.done;
    },
    async within(generation, work) {
      if (running.generation() !== generation) throw new CryptokiError('C_OpenSession', CKR.sessionClosed);
      return hold(work);
    },
    restart: (seen) =>
      inLine(
        async () =>
          running.generation() !== seen ||
          running.restart(parameters, () => mayStop(cryptoki, tokens, occupancy)),
      ),
  });

  return {
    async lease(parameters) {
      users += 1;
      try {
        await inLine(() => running.start(parameters));
      } catch (error) {
        await leave();
        throw error;
      }
      let left: Promise<void> | undefined;
      return { ...shareFor(parameters), release: () => (left ??= leave()) };
    },
  };
}

function memoryOf(tokens: Map<string, TokenMemory>, name: string): TokenMemory {
  const memory = tokens.get(name) ?? createTokenMemory();
  tokens.set(name, memory);
  return memory;
}

/** False when it must not be stopped. */
async function mayStop(
  cryptoki: Cryptoki,
  tokens: ReadonlyMap<string, TokenMemory>,
  occupancy: Occupancy,
): Promise<boolean> {
  if (await isNeeded(cryptoki, tokens)) return false;
  await occupancy.idle();
  return true;
}

/** Identities that have a token are not disturbed, as long as the module sees any token at all. */
async function isNeeded(cryptoki: Cryptoki, tokens: ReadonlyMap<string, TokenMemory>): Promise<boolean> {
  const isUsed = [...tokens.values()].some(({ users }) => users > 0);
  try {
    return isUsed && (await cryptoki.slotsWithToken()).length > 0;
  } catch {
    return false;
  }
}
