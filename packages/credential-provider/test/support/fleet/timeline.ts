import type { Runtime } from '../../../src/runtime.js';
import { createRandom } from '../random.js';

/** A virtual clock for thousands of hosts: whatever is due next happens next. */
export interface Timeline {
  /** Milliseconds since the beginning. */
  readonly now: number;
  /** Calls back at a time, which is not before now. Returns the cancellation. */
  at(milliseconds: number, callback: () => void): () => void;
  /** To be called where something begins that goes on in promises: time waits for them. */
  touch(): void;
  /** Lets time pass until then. */
  runUntil(milliseconds: number): Promise<void>;
  readonly random: () => number;
  /** The clock as a provider sees it. */
  readonly runtime: Runtime;
}

interface Event {
  readonly at: number;
  callback: (() => void) | undefined;
}

/** The wall clock at the beginning. */
export const epoch = Date.parse('2026-11-25T00:00:00Z');

export function createTimeline(seed: number): Timeline {
  const random = createRandom(seed);
  const heap: Event[] = [];
  let now = 0;
  let touched = false;
  const touch = (): void => {
    touched = true;
  };
  const at = (milliseconds: number, callback: () => void): (() => void) => {
    const event: Event = { at: Math.max(milliseconds, now), callback };
    push(heap, event);
    return () => {
      event.callback = undefined;
    };
  };
  const after: Runtime['after'] = (milliseconds, callback) =>
    at(now + milliseconds, () => {
      touch();
      callback();
    });
  const runUntil = async (end: number): Promise<void> => {
    for (let next = heap[0]; next !== undefined && next.at <= end; next = heap[0]) {
      pop(heap);
      if (next.callback === undefined) continue;
      now = next.at;
      next.callback();
      if (!touched) continue;
      touched = false;
      await settled();
    }
    now = end;
  };
  return {
    get now() {
      return now;
    },
    at,
    touch,
    runUntil,
    random,
    runtime: { now: () => epoch + now, monotonic: () => now, random, after, hold: () => () => undefined },
  };
}

/** Every promise that can settle without time passing has settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function push(heap: Event[], event: Event): void {
  let place = heap.length;
  heap.push(event);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || parent.at <= event.at) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    const [child, index] =
      left !== undefined && right !== undefined && right.at < left.at
        ? [right, 2 * place + 2]
        : [left, 2 * place + 1];
    if (child === undefined || child.at >= last.at) break;
    heap[place] = child;
    place = index;
  }
  heap[place] = last;
}
