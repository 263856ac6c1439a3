import type { IssuedSession, KnownSecret } from '@rolesanywhere/emulator';

import type { AwsUser } from './principals.js';
import type { Caller } from './caller.js';
import { uniqueId } from './unique-id.js';

/** Everyone who can sign a request. */
export interface Callers {
  readonly findSecret: (accessKeyId: string) => KnownSecret | undefined;
  readonly findCaller: (accessKeyId: string) => Caller | undefined;
  readonly findSession: (accessKeyId: string) => IssuedSession | undefined;
  readonly keep: (session: IssuedSession) => void;
}

/** Where callers come from. */
export interface CallersInit {
  readonly accountId: string;
  readonly clock: () => Date;
  readonly users: readonly AwsUser[];
  readonly findSession: (accessKeyId: string) => IssuedSession | undefined;
}

/** Expired sessions are kept for a while, so that they are refused as expired and not as unknown. */
const KEPT_MILLISECONDS = 3_600_000;

/** The users, the sessions given out elsewhere, and those given out here. */
export function createCallers({ accountId, clock, users, findSession }: CallersInit): Callers {
  const own = new Map<string, IssuedSession>();
  const find = (accessKeyId: string) => own.get(accessKeyId) ?? findSession(accessKeyId);
  const findUser = (accessKeyId: string) => users.find((user) => user.accessKeyId === accessKeyId);
  return {
    findSession: find,
    findSecret: (accessKeyId) => findUser(accessKeyId) ?? find(accessKeyId),
    findCaller: (accessKeyId) => {
      const user = findUser(accessKeyId);
      if (user) return callerOfUser(user, accountId);
      const session = find(accessKeyId);
      return (
        session && {
          accountId: session.accountId,
          arn: session.assumedRoleArn,
          userId: session.assumedRoleId,
        }
      );
    },
    keep: (session) => {
      for (const [key, { expiration }] of own)
        if (expiration.getTime() + KEPT_MILLISECONDS < clock().getTime()) own.delete(key);
      own.set(session.accessKeyId, session);
    },
  };
}

function callerOfUser({ userName }: AwsUser, accountId: string): Caller {
  const arn = `arn:aws:iam::${accountId}:user/${userName}`;
  return { accountId, arn, userId: uniqueId('AIDA', arn) };
}
