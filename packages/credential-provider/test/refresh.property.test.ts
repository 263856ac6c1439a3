import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createRefresher } from '../src/refresh.js';
import { createVirtualRuntime } from './support/virtual-runtime.js';

const minute = 60_000;

interface Issued {
  readonly id: number;
  /** The end of its life by a clock that nobody sets. */
  readonly endsAt: number;
}

const step = fc.record({
  wait: fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 30 * minute })),
  jump: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    fc.integer({ min: -600 * minute, max: 600 * minute }),
  ),
  fails: fc.boolean(),
  latency: fc.integer({ min: 0, max: 15_000 }),
  lifetime: fc.integer({ min: 15 * minute, max: 720 * minute }),
  callers: fc.integer({ min: 1, max: 4 }),
  forceRefresh: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
});

test('whatever happens, no two flights, nothing expired, no failure while a value is valid, no unhandled rejection', async () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): unknown => unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      runSchedule,
    ),
    { numRuns: Number(process.env['REFRESH_RUNS'] ?? 300) },
  );
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

async function runSchedule(
  steps: readonly {
    wait: number;
    jump: number;
    fails: boolean;
    latency: number;
    lifetime: number;
    callers: number;
    forceRefresh: boolean;
  }[],
  random: number,
): Promise<void> {
  const runtime = createVirtualRuntime(() => random);
  let current = steps[0];
  let flying = 0;
  let mostFlying = 0;
  let jumps = 0;
  let jumpsBeforeNewest = 0;
  let newest: Issued | undefined;
  const refresher = createRefresher<undefined, Issued>({
    runtime,
    pauseDemand: () => ({ leastMilliseconds: 0, throttled: false }),
    notify: () => undefined,
    renew: async () => {
      const plan = current;
      flying += 1;
      mostFlying = Math.max(mostFlying, flying);
      await new Promise<void>((resolve) => {
        runtime.after(plan?.latency ?? 0, resolve);
      });
      flying -= 1;
      if (plan === undefined || plan.fails) throw new Error('planned');
      newest = { id: (newest?.id ?? 0) + 1, endsAt: runtime.monotonic() + plan.lifetime };
      jumpsBeforeNewest = jumps;
      return { value: newest, lifetimeMilliseconds: plan.lifetime };
    },
  });
  /** What each caller met: undefined when it was right. */
  const complaints: Promise<string | undefined>[] = [];
  for (const next of steps) {
    current = next;
    await runtime.advance(next.wait);
    if (next.jump !== 0) jumps += 1;
    runtime.jump(next.jump);
    for (let caller = 0; caller < next.callers; caller += 1) {
      const held = newest;
      const jumpsBeforeHeld = jumpsBeforeNewest;
      const before = runtime.monotonic();
      // After a jump nobody knows how much of the life is left, so the provider may take it for spent.
      const mustSucceed = (): boolean =>
        held !== undefined &&
        !next.forceRefresh &&
        jumps === jumpsBeforeHeld &&
        held.endsAt > runtime.monotonic();
      const given = Promise.resolve(refresher({ caller: undefined, forceRefresh: next.forceRefresh }));
      complaints.push(
        given.then(
          (value) => (value.endsAt > before ? undefined : `value ${value.id} had expired`),
          () => (mustSucceed() ? `a failure while value ${held?.id} was valid` : undefined),
        ),
      );
    }
  }
  await runtime.advance(60_000);
  expect((await Promise.all(complaints)).filter((complaint) => complaint !== undefined)).toEqual([]);
  expect(mostFlying).toBeLessThanOrEqual(1);
  expect(runtime.holds).toBe(0);
  expect(runtime.timers).toBe(0);
}
