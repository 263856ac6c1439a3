import { createTimers } from '../timers.js';
import type { Timing } from '../timing.js';
import type { SvidStreamListener } from './svid-stream.js';
import { WorkloadApiError } from './workload-api-error.js';

/** Opens one stream. */
export type OpenStream = (listener: SvidStreamListener) => {
  close(): void;
  ping(alive: () => void): void;
};

/** Hears of one stream. */
export interface GuardedStreamListener extends SvidStreamListener {
  /** It lasted for a while: what comes after it is a new trouble. */
  settled(): void;
}

/** An agent sends its first message "as soon as possible, without delay". */
const FIRST_MESSAGE_MILLISECONDS = 30_000;
const SETTLED_MILLISECONDS = 10_000;
/** Servers of gRPC break off with a client that asks more often than every five minutes. */
const PING_MILLISECONDS = 360_000;
const ANSWER_MILLISECONDS = 20_000;

/**
 * One stream whose first message must come in time. After that it may be silent for days, but not dead: it is asked for a
 * sign of life every six minutes, since a machine that lost its power closes no connection.
 *
 * @returns what ends it without a word
 * @see SPIFFE Workload API §4.3; gRPC keepalive
 */
export function openGuardedStream(
  open: OpenStream,
  timing: Timing,
  listener: GuardedStreamListener,
): () => void {
  const timers = createTimers(timing);
  let isAnswered = false;

  function giveUp(reason: string): void {
    timers.stopAll();
    stream.close();
    listener.end(new WorkloadApiError('unavailable', `${reason}. Look into the log of the agent.`));
  }

  function pingLater(): void {
    timers.after(PING_MILLISECONDS, () => {
      const cancel = timers.after(ANSWER_MILLISECONDS, () =>
        giveUp('gave no sign of life on an open connection'),
      );
      stream.ping(cancel);
      pingLater();
    });
  }

  timers.after(FIRST_MESSAGE_MILLISECONDS, () => giveUp('was asked and did not answer'));
  const stream = open({
    svids(svids) {
      if (!isAnswered) {
        isAnswered = true;
        timers.stopAll();
        timers.after(SETTLED_MILLISECONDS, () => listener.settled());
        pingLater();
      }
      listener.svids(svids);
    },
    end(error) {
      timers.stopAll();
      listener.end(error);
    },
  });
  return () => {
    timers.stopAll();
    stream.close();
  };
}
