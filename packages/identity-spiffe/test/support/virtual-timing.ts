import type { Timing } from '../../src/timing.js';

/** A clock that stands still until it is moved, from 0 on. */
export interface VirtualTiming extends Timing {
  now(): number;
  advance(milliseconds: number): void;
  /** Moves to the next timer. */
  advanceToNext(): void;
  /** How many timers are set. */
  pending(): number;
}

export function virtualTiming(random: number): VirtualTiming {
  const timers = new Map<object, { readonly at: number; readonly call: () => void }>();
  let now = 0;

  function set(milliseconds: number, call: () => void): () => void {
    const name = {};
    timers.set(name, { at: now + milliseconds, call });
    return () => void timers.delete(name);
  }

  function next() {
    return [...timers].toSorted(([, a], [, b]) => a.at - b.at)[0];
  }

  function advance(milliseconds: number): void {
    const until = now + milliseconds;
    for (let first = next(); first !== undefined && first[1].at <= until; first = next()) {
      const [name, { at, call }] = first;
      timers.delete(name);
      now = at;
      call();
    }
    now = until;
  }

  return {
    clock: () => new Date(now),
    random: () => random,
    background: set,
    foreground: set,
    now: () => now,
    advance,
    advanceToNext: () => advance((next()?.[1].at ?? now) - now),
    pending: () => timers.size,
  };
}
