/** A session that the emulator gave out. Holds secrets: not for logs. */
export interface IssuedSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
  readonly assumedRoleArn: string;
  readonly assumedRoleId: string;
  readonly accountId: string;
  readonly roleArn: string;
  readonly sourceIdentity?: string;
  readonly sessionTags?: Readonly<Record<string, string>>;
}

/** Sessions by access key id. */
export interface IssuedSessions {
  /** Also an expired one, for an hour past its expiration: so that whoever asks can tell expired from unknown. */
  readonly find: (accessKeyId: string) => IssuedSession | undefined;
  readonly keep: (session: IssuedSession) => void;
}

const REMEMBERED_MILLISECONDS = 3_600_000;

/**
 * A bounded store: sessions expired for more than an hour are dropped, and past the limit the oldest.
 *
 * @param init.limit how many sessions at most; default 10,000
 */
export function createIssuedSessions(init: {
  readonly clock: () => Date;
  readonly limit?: number;
}): IssuedSessions {
  const { clock, limit = 10_000 } = init;
  const sessions = new Map<string, IssuedSession>();
  const isForgotten = (session: IssuedSession): boolean =>
    session.expiration.getTime() + REMEMBERED_MILLISECONDS < clock().getTime();
  return {
    find: (accessKeyId) => {
      const session = sessions.get(accessKeyId);
      return session === undefined || isForgotten(session) ? undefined : session;
    },
    keep: (session) => {
      sessions.set(session.accessKeyId, session);
      if (sessions.size <= limit) return;
      for (const [key, kept] of sessions) if (isForgotten(kept)) sessions.delete(key);
      const oldest = sessions.keys().next();
      if (sessions.size > limit && oldest.done !== true) sessions.delete(oldest.value);
    },
  };
}
