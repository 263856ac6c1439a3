import { describe, expect, test } from '@jest/globals';
import type { SvidStreamListener } from '../../src/workload-api/svid-stream.js';
import { watchSvids } from '../../src/workload-api/watch-svids.js';
import { WorkloadApiError, type WorkloadApiFault } from '../../src/workload-api/workload-api-error.js';
import { virtualTiming } from '../support/virtual-timing.js';

/** A watch over streams that do what the test says, on a clock that the test moves. */
function watched({ isAwaited = false, random = 1 } = {}) {
  const timing = virtualTiming(random);
  const streams: SvidStreamListener[] = [];
  const heard: string[] = [];
  const pings: (() => void)[] = [];
  let closed = 0;
  const watch = watchSvids(
    (listener) => {
      streams.push(listener);
      return {
        close: () => {
          closed += 1;
        },
        ping: (alive) => void pings.push(alive),
      };
    },
    {
      svids: () => heard.push('svids'),
      trouble: ({ fault }) => heard.push(fault),
      isAwaited: () => isAwaited,
    },
    timing,
  );
  return {
    watch,
    timing,
    heard,
    pings,
    opened: () => streams.length,
    closed: () => closed,
    answer: () => streams.at(-1)?.svids([]),
    fail: (fault: WorkloadApiFault = 'unavailable') => streams.at(-1)?.end(new WorkloadApiError(fault, '')),
  };
}

/** Fails as often as said and gives the pauses after it, in milliseconds. */
function pausesOf(subject: ReturnType<typeof watched>, failures: number): number[] {
  return Array.from({ length: failures }, () => {
    const from = subject.timing.now();
    subject.fail();
    subject.timing.advanceToNext();
    return subject.timing.now() - from;
  });
}

describe('the pause before the next connection', () => {
  test('grows from 0.2 s to 30 s', () => {
    expect(pausesOf(watched(), 10)).toEqual([
      200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
    ]);
  });

  test('is at most a second while somebody waits', () => {
    expect(pausesOf(watched({ isAwaited: true }), 5)).toEqual([200, 400, 800, 1000, 1000]);
  });

  test('begins anew after a stream of ten seconds', () => {
    const subject = watched();
    pausesOf(subject, 5);
    subject.answer();
    subject.timing.advance(10_000);
    expect(pausesOf(subject, 1)).toEqual([200]);
  });

  test('goes on growing after streams that end as soon as they have answered', () => {
    const subject = watched();
    const pauses = [1, 2, 3].map(() => {
      subject.answer();
      return pausesOf(subject, 1)[0];
    });
    expect(pauses).toEqual([200, 400, 800]);
  });

  test('is cut short once by those who begin to wait, and not put off by more of them', () => {
    const subject = watched();
    pausesOf(subject, 9);
    subject.fail();
    subject.watch.hurry();
    subject.timing.advance(999);
    subject.watch.hurry();
    expect(subject.opened()).toBe(10);
    subject.timing.advance(1);
    expect(subject.opened()).toBe(11);
  });
});

describe('a stream', () => {
  test('without a first message is given up after 30 s', () => {
    const subject = watched();
    subject.timing.advance(30_000);
    expect([subject.heard, subject.closed()]).toEqual([['unavailable'], 1]);
    subject.timing.advance(200);
    expect(subject.opened()).toBe(2);
  });

  test('that has answered may be silent for ever, while it gives a sign of life every six minutes', () => {
    const subject = watched();
    subject.answer();
    for (let count = 1; count <= 500; count += 1) {
      subject.timing.advance(360_000);
      expect(subject.pings).toHaveLength(count);
      subject.pings.at(-1)?.();
    }
    expect([subject.heard, subject.opened()]).toEqual([['svids'], 1]);
  });

  test('that gives no sign of life within 20 s is given up', () => {
    const subject = watched();
    subject.answer();
    subject.timing.advance(360_000 + 19_999);
    expect(subject.closed()).toBe(0);
    subject.timing.advance(1);
    expect([subject.heard, subject.closed()]).toEqual([['svids', 'unavailable'], 1]);
    subject.timing.advance(200);
    expect(subject.opened()).toBe(2);
  });

  test('that was refused is the last one', () => {
    const subject = watched();
    subject.fail('refused');
    subject.watch.hurry();
    subject.watch.renew();
    subject.timing.advance(1_000_000);
    expect(subject.opened()).toBe(1);
    expect(subject.timing.pending()).toBe(0);
  });

  test('is renewed when it has answered, not while it is new', () => {
    const subject = watched();
    subject.watch.renew();
    expect(subject.closed()).toBe(0);
    subject.answer();
    subject.watch.renew();
    subject.watch.renew();
    expect(subject.closed()).toBe(1);
    subject.timing.advance(200);
    expect(subject.opened()).toBe(2);
  });
});

test('closed during a stream or a pause, nothing is left', () => {
  const streaming = watched();
  streaming.answer();
  streaming.watch.close();
  const pausing = watched();
  pausing.fail();
  pausing.watch.close();
  expect([streaming.timing.pending(), pausing.timing.pending()]).toEqual([0, 0]);
  expect(streaming.closed()).toBe(1);
});
