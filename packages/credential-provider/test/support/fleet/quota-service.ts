import type { TransportResponse } from '../../../src/transport/transport.js';
import { sessionJson } from '../session-server.js';
import { epoch, type Timeline } from './timeline.js';

/** A stretch of virtual time, in seconds from the beginning. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface QuotaServiceInit {
  /** Sessions a second that the service gives. */
  readonly quotaPerSecond: number;
  /** Sessions that it gives at once after a quiet time. */
  readonly burst: number;
  readonly sessionSeconds: number;
  /** When every call gets 503. */
  readonly outage?: Stretch | undefined;
}

/** What a service counted, by minute of virtual time. */
export interface QuotaService {
  readonly sessionSeconds: number;
  /** One call; answers after 20 to 120 ms of virtual time. */
  call(): Promise<TransportResponse>;
  readonly callsByMinute: readonly number[];
  readonly sessionsByMinute: readonly number[];
}

/** CreateSession with a token bucket, as AWS limits its calls, on virtual time. */
export function createQuotaService(timeline: Timeline, init: QuotaServiceInit): QuotaService {
  const callsByMinute: number[] = [];
  const sessionsByMinute: number[] = [];
  let tokens = init.burst;
  let filledAt = 0;
  const take = (): boolean => {
    tokens = Math.min(init.burst, tokens + ((timeline.now - filledAt) / 1000) * init.quotaPerSecond);
    filledAt = timeline.now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  const answer = (): TransportResponse => {
    count(callsByMinute, timeline.now);
    const seconds = timeline.now / 1000;
    const { outage } = init;
    const headers = { date: new Date(epoch + timeline.now).toUTCString() };
    if (outage !== undefined && seconds >= outage.from && seconds < outage.to)
      return { status: 503, headers, body: utf8('{"message":"down"}') };
    if (!take()) return { status: 429, headers, body: utf8('{"message":"Rate exceeded"}') };
    count(sessionsByMinute, timeline.now);
    const expiration = new Date(epoch + timeline.now + init.sessionSeconds * 1000).toISOString();
    return { status: 201, headers, body: utf8(sessionJson({ expiration })) };
  };
  return {
    sessionSeconds: init.sessionSeconds,
    call: () =>
      new Promise((resolve) => {
        timeline.touch();
        timeline.at(timeline.now + 20 + timeline.random() * 100, () => {
          timeline.touch();
          resolve(answer());
        });
      }),
    callsByMinute,
    sessionsByMinute,
  };
}

function count(minutes: number[], now: number): void {
  const minute = Math.floor(now / 60_000);
  while (minutes.length <= minute) minutes.push(0);
  minutes[minute] = (minutes[minute] ?? 0) + 1;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
