import type { Runtime } from '../runtime.js';
import type { SentSession } from '../send-create-session.js';
import { createCacheGuard, takeLock, type LockAttempt } from './cache-guard.js';
import { cachedLife } from './cached-life.js';
import { formatCachedSession, parseCachedSession } from './cached-session.js';
import type { SessionCache } from './session-cache.js';

/** Whoever holds a lock so much longer than its call may take has died. */
const lockGraceMilliseconds = 5000;

/** What a shelf needs to know of its call. */
export interface ShelfInit {
  readonly cache: SessionCache;
  readonly correctionMilliseconds: number;
  /** The role that is asked for. */
  readonly roleArn: string;
  /** Under what the session is kept. */
  key(): Promise<string>;
  /** Milliseconds since this machine was started; undefined where nobody knows. */
  uptime(): Promise<number | undefined>;
  /** Whether this provider has handed out this session before. Such a one is never taken from the cache. */
  isKnown(accessKeyId: string): boolean;
  /** Told of each trouble with the cache. Never gets what is in it. Must not throw. */
  onTrouble(error: unknown): void;
}

/** A session of the cache that may be used. */
export interface Found {
  readonly sent: SentSession;
  /** Whether it is in its first two thirds, in which nobody refreshes. */
  readonly fresh: boolean;
}

/** The place of one call's session in the cache. Nothing here rejects because of the cache. */
export interface SessionShelf {
  find(): Promise<Found | undefined>;
  keep(sent: SentSession): Promise<void>;
  /** Undefined when the cache fails. */
  lock(milliseconds: number, race: <T>(promise: Promise<T>) => Promise<T>): Promise<LockAttempt | undefined>;
  unlock(release: () => Promise<void>): Promise<void>;
}

/** The shelf of a call; undefined when not even its key can be had. */
export async function openShelf(init: ShelfInit, runtime: Runtime): Promise<SessionShelf | undefined> {
  const { cache } = init;
  const guard = createCacheGuard(runtime, (error) => init.onTrouble(error));
  const key = await guard.attempt(() => init.key());
  if (key === undefined) return undefined;
  const bootTime = async (): Promise<number | undefined> => {
    const uptime = await init.uptime();
    return uptime === undefined ? undefined : Math.round(runtime.now() - uptime);
  };
  const find = async (): Promise<Found | undefined> => {
    const text = await cache.read(key);
    const entry = text === undefined ? undefined : await parseCachedSession(text);
    if (entry === undefined || init.isKnown(entry.credentials.accessKeyId)) return undefined;
    const { correctionMilliseconds, roleArn } = init;
    const clock = { bootMilliseconds: await bootTime(), now: runtime.now(), correctionMilliseconds };
    const life = cachedLife(entry, clock);
    if (life === undefined) return undefined;
    const { credentials, accountId } = entry;
    const assumedRole = { roleArn, assumedRoleArn: '', assumedRoleId: '' };
    const account = accountId === undefined ? {} : { accountId };
    const session = { credentials, ...assumedRole, ...account, $metadata: {} };
    const { fresh, remainingMilliseconds: lifetimeMilliseconds, ageMilliseconds } = life;
    return { sent: { session, lifetimeMilliseconds, ageMilliseconds }, fresh };
  };
  const keep = async ({ session, lifetimeMilliseconds }: SentSession): Promise<void> => {
    const { credentials, accountId } = session;
    const bootMilliseconds = await bootTime();
    const createdMilliseconds = runtime.now();
    const text = await formatCachedSession({
      credentials,
      ...(accountId === undefined ? {} : { accountId }),
      createdMilliseconds,
      lifetimeMilliseconds,
      ...(bootMilliseconds === undefined ? {} : { bootMilliseconds }),
    });
    await cache.write(key, text, new Date(createdMilliseconds + lifetimeMilliseconds));
  };
  return {
    find: () => guard.attempt(find),
    keep: (sent) => guard.attempt(() => keep(sent)),
    lock: (milliseconds, race) =>
      takeLock(guard, { cache, key, milliseconds: milliseconds + lockGraceMilliseconds, race }),
    unlock: (release) => guard.insist(release),
  };
}
