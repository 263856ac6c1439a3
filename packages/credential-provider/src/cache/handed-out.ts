import type { Session } from '../session.js';

/** The sessions that one provider has handed out and that have not ended. */
export interface HandedOut {
  add(session: Session): void;
  has(accessKeyId: string): boolean;
}

/**
 * Remembers sessions until they end. One that a provider had already is no news to it, whatever a cache and the clocks say of its age.
 * @param now - the wall clock
 */
export function createHandedOut(now: () => number): HandedOut {
  let known: readonly Session['credentials'][] = [];
  return {
    add: ({ credentials }) => {
      const time = now();
      const others = known.filter(({ accessKeyId }) => accessKeyId !== credentials.accessKeyId);
      known = [...others.filter(({ expiration }) => expiration.getTime() > time), credentials].slice(
        -mostKept,
      );
    },
    has: (accessKeyId) => known.some((credentials) => credentials.accessKeyId === accessKeyId),
  };
}

/** An application that forces a refresh all the time must not fill the memory. */
const mostKept = 100;
