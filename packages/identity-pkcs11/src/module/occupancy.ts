/** Counts what is being done. */
export interface Occupancy {
  /** Does work that counts. */
  hold<Result>(work: () => Promise<Result>): Promise<Result>;
  isIdle(): boolean;
  /** Resolves when nothing is being done. */
  idle(): Promise<void>;
}

/** Nothing is being done yet. */
export function createOccupancy(): Occupancy {
  const running = new Set<Promise<unknown>>();
  return {
    async hold(work) {
      const promise = work();
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    isIdle: () => running.size === 0,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
