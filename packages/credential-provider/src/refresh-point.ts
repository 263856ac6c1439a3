/**
 * Where in the last third a process refreshes. Processes that started together drift apart during their first sessions, and
 * stay where they are then, early in the last third.
 */
export interface Drift {
  /** In [0, 1): how far this process drifts, against others. */
  readonly pace: number;
  /** Sessions since the drift began, 1 or more. */
  readonly sessions: number;
}

/** Sessions that drift. Four times a sixth of a life is two thirds, the time from one refresh to the next: one whole round. */
const driftingSessions = 4;
const longestDriftShare = 1 / 6;

/** What is left of chance afterwards: 15 seconds of an hour's session. */
const settledShare = 1 / 240;

/** The drift of a process that may have started, or failed, together with others. */
export function startDrift(random: number): Drift {
  return { pace: random, sessions: 1 };
}

/** The drift with one more session. */
export function continueDrift({ pace, sessions }: Drift): Drift {
  return { pace, sessions: sessions + 1 };
}

/**
 * The age at which a background refresh begins, as a share of a session's life. For the first four sessions between two
 * thirds and five sixths, always at the same place of this process: after them a fleet is spread evenly over the time
 * between two refreshes, whatever it began with. From then on at two thirds, so that nearly a third of the life is left to sit
 * out an outage: 19 minutes and 45 seconds of an hour.
 * @param random - in [0, 1)
 */
export function refreshPoint({ pace, sessions }: Drift, random: number): number {
  const share = sessions > driftingSessions ? random * settledShare : pace * longestDriftShare;
  return 2 / 3 + share;
}
