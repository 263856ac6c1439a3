import type { Timing } from '../timing.js';
import { backOff } from './back-off.js';
import { type OpenStream, openGuardedStream } from './guarded-stream.js';
import type { WorkloadApiError } from './workload-api-error.js';
import type { X509Svid } from './x509-svid-response.js';

/** Hears of every message and every failure, over all connections. */
export interface WatchListener {
  svids(svids: readonly X509Svid[]): void;
  trouble(error: WorkloadApiError): void;
  /** Whether somebody waits: then a pause is short. */
  isAwaited(): boolean;
}

/** A stream that is opened again whenever it ends. */
export interface Watch {
  /** Somebody waits from now on: shortens a pause that is going on. */
  hurry(): void;
  /** What the stream gave is of no more use: opens another one, after a short pause. */
  renew(): void;
  close(): void;
}

const HURRIED_PAUSE_MILLISECONDS = 1000;

/**
 * Keeps one stream open, with a growing pause after each failure, until it is closed or refused.
 *
 * @see SPIFFE Workload API §4.2; SPIFFE Workload Endpoint §6
 */
export function watchSvids(open: OpenStream, listener: WatchListener, timing: Timing): Watch {
  let failures = 0;
  let isOver = false;
  let isHurried = false;
  let isAnswered = false;
  /** Ends what is going on: a stream, or a pause. */
  let endStream: (() => void) | undefined;
  let endPause: (() => void) | undefined;

  function start(): void {
    endPause = undefined;
    isHurried = false;
    isAnswered = false;
    endStream = openGuardedStream(open, timing, {
      svids: (svids) => {
        isAnswered = true;
        listener.svids(svids);
      },
      settled: () => {
        failures = 0;
      },
      end: (error) => {
        endStream = undefined;
        failures += 1;
        listener.trouble(error);
        if (error.fault === 'refused') isOver = true;
        const longest = listener.isAwaited() ? HURRIED_PAUSE_MILLISECONDS : undefined;
        pause(backOff(failures, timing.random(), longest));
      },
    });
  }

  function pause(milliseconds: number): void {
    if (!isOver) endPause = timing.background(milliseconds, start);
  }

  function shortPause(): void {
    endPause?.();
    isHurried = true;
    pause(backOff(failures, timing.random(), HURRIED_PAUSE_MILLISECONDS));
  }

  function hurry(): void {
    if (endPause !== undefined && !isHurried) shortPause();
  }

  start();
  return {
    hurry,
    renew() {
      // A stream that has not answered yet is already the new one.
      if (endStream === undefined || !isAnswered) return hurry();
      endStream();
      endStream = undefined;
      failures += 1;
      shortPause();
    },
    close() {
      isOver = true;
      endStream?.();
      endPause?.();
    },
  };
}
