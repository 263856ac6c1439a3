import { describe, expect, test } from '@jest/globals';
import { createRefresher, type Haste, type Refresher, type RefreshEvent } from '../src/refresh.js';
import { rejectionOf } from './support/options.js';
import { createVirtualRuntime, type VirtualRuntime } from './support/virtual-runtime.js';

const second = 1000;
const minute = 60 * second;

interface Flight {
  land(value: string, lifetimeMilliseconds?: number, ageMilliseconds?: number): void;
  crash(error: Error): void;
}

interface Rig {
  readonly runtime: VirtualRuntime;
  readonly flights: readonly Flight[];
  readonly callers: readonly string[];
  readonly hastes: readonly Haste[];
  readonly events: readonly RefreshEvent[];
  ask(forceRefresh?: boolean): string | Promise<string>;
  flight(index: number): Flight;
}

/** A refresher whose flights land when the test says so. */
function createRig(leastMilliseconds = 0): Rig {
  const runtime = createVirtualRuntime(() => 0);
  const flights: Flight[] = [];
  const callers: string[] = [];
  const events: RefreshEvent[] = [];
  const hastes: Haste[] = [];
  const refresher: Refresher<string, string> = createRefresher({
    runtime,
    pauseDemand: () => ({ leastMilliseconds, throttled: false }),
    notify: (event) => events.push(event),
    renew: (caller, haste) =>
      new Promise((resolve, reject) => {
        callers.push(caller);
        hastes.push(haste);
        flights.push({
          land: (value, lifetimeMilliseconds = 60 * minute, ageMilliseconds = 0) =>
            resolve({ value, lifetimeMilliseconds, ageMilliseconds }),
          crash: reject,
        });
      }),
  });
  return {
    runtime,
    flights,
    callers,
    hastes,
    events,
    ask: (forceRefresh = false) => refresher({ caller: `caller ${callers.length}`, forceRefresh }),
    flight: (index) => {
      const flight = flights[index];
      if (flight === undefined) throw new Error(`There is no flight ${index}.`);
      return flight;
    },
  };
}

async function createFilledRig(): Promise<Rig> {
  const rig = createRig();
  const first = rig.ask();
  rig.flight(0).land('first');
  await first;
  return rig;
}

describe('with nothing yet', () => {
  test('all callers wait for one flight', async () => {
    const rig = createRig();
    const asked = Array.from({ length: 50 }, () => rig.ask());
    rig.flight(0).land('first');
    expect(new Set(await Promise.all(asked.map(async (given) => given)))).toEqual(new Set(['first']));
    expect(rig.callers).toEqual(['caller 0']);
  });

  test('a waiting caller keeps the process alive, and nothing does afterwards', async () => {
    const rig = createRig();
    const asked = rig.ask();
    expect(rig.runtime.holds).toBe(1);
    rig.flight(0).land('first');
    await asked;
    expect(rig.runtime.holds).toBe(0);
    expect(rig.runtime.timers).toBe(0);
  });

  test('after a failure callers get the same error without a call, until the pause ends', async () => {
    const rig = createRig();
    const failure = new Error('no network');
    const asked = rejectionOf(Promise.resolve(rig.ask()));
    rig.flight(0).crash(failure);
    expect(await asked).toBe(failure);
    await rig.runtime.advance(second - 1);
    expect(await rejectionOf(Promise.resolve(rig.ask()))).toBe(failure);
    expect(rig.flights).toHaveLength(1);
    await rig.runtime.advance(1);
    void rejectionOf(Promise.resolve(rig.ask()));
    expect(rig.flights).toHaveLength(2);
  });

  test('after a refusal the pause is 30 seconds from the first', async () => {
    const rig = createRig(30 * second);
    const asked = rejectionOf(Promise.resolve(rig.ask()));
    rig.flight(0).crash(new Error('refused'));
    await asked;
    for (let elapsed = 0; elapsed < 29; elapsed += 1) {
      await rig.runtime.advance(second);
      await rejectionOf(Promise.resolve(rig.ask()));
    }
    expect(rig.flights).toHaveLength(1);
  });

  test('a renewal that throws at once is a failed flight like any other', async () => {
    const refresher = createRefresher<undefined, string>({
      runtime: createVirtualRuntime(),
      pauseDemand: () => ({ leastMilliseconds: 0, throttled: false }),
      notify: () => undefined,
      renew: () => {
        throw new Error('at once');
      },
    });
    const ask = (): Promise<unknown> =>
      rejectionOf(Promise.resolve(refresher({ caller: undefined, forceRefresh: false })));
    expect(String(await ask())).toContain('at once');
    expect(String(await ask())).toContain('at once');
  });
});

describe('with a valid value', () => {
  test('answers at once, without a promise, a flight or a timer', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(39 * minute);
    expect(rig.ask()).toBe('first');
    expect(rig.flights).toHaveLength(1);
    expect(rig.runtime.timers).toBe(0);
  });

  test('in the last third answers at once and refreshes behind', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(40 * minute);
    expect([rig.ask(), rig.ask()]).toEqual(['first', 'first']);
    expect(rig.flights).toHaveLength(2);
    expect(rig.runtime.holds).toBe(0);
    rig.flight(1).land('second');
    await rig.runtime.advance(0);
    expect(rig.ask()).toBe('second');
  });

  test('survives failures in the background and pauses longer after each', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(40 * minute);
    const starts: number[] = [];
    for (let elapsed = 0; elapsed < 10 * minute; elapsed += second) {
      const before = rig.flights.length;
      expect(rig.ask()).toBe('first');
      if (rig.flights.length > before) {
        starts.push(elapsed / second);
        rig.flight(before).crash(new Error('down'));
      }
      await rig.runtime.advance(second);
    }
    expect(starts).toEqual([0, 30, 150]);
  });

  test('says with every failure whether callers notice, and how many came before', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(40 * minute);
    for (const _ of [1, 2]) {
      void rig.ask();
      rig.flights.at(-1)?.crash(new Error('down'));
      await rig.runtime.advance(minute);
    }
    expect(rig.events.filter(({ type }) => type === 'refreshFailed')).toEqual([
      {
        type: 'refreshFailed',
        error: new Error('down'),
        stillValid: true,
        failures: 1,
        pauseMilliseconds: 30_000,
      },
      {
        type: 'refreshFailed',
        error: new Error('down'),
        stillValid: true,
        failures: 2,
        pauseMilliseconds: 120_000,
      },
    ]);
  });

  test('in the last minute waits for the new value', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(59 * minute + second);
    const asked = rig.ask();
    await rig.runtime.advance(4 * second);
    rig.flight(1).land('second');
    expect(await asked).toBe('second');
    expect(rig.runtime.timers).toBe(0);
  });

  test('in the last minute waits no longer than five seconds', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(59 * minute + second);
    const asked = rig.ask();
    await rig.runtime.advance(5 * second);
    expect(await asked).toBe('first');
    expect(rig.runtime.holds).toBe(0);
  });

  test('in the last minute a failed flight leaves the old value', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(59 * minute + second);
    const asked = rig.ask();
    rig.flight(1).crash(new Error('down'));
    expect(await asked).toBe('first');
    expect(rig.ask()).toBe('first');
    expect(rig.flights).toHaveLength(2);
  });

  test('a wait that outlasts the value goes on until the flight lands', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(60 * minute - 2 * second);
    const asked = rig.ask();
    await rig.runtime.advance(8 * second);
    rig.flight(1).land('second');
    expect(await asked).toBe('second');
    expect(rig.flights).toHaveLength(2);
  });
});

describe('once expired', () => {
  test('waits for a new flight, also in a pause from before', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(60 * minute - second);
    const last = rig.ask();
    rig.flight(1).crash(new Error('down'));
    expect(await last).toBe('first');
    await rig.runtime.advance(second);
    const asked = rig.ask();
    rig.flight(2).land('second');
    expect(await asked).toBe('second');
  });

  test('gives the error when that fails, and never the old value', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(60 * minute);
    const asked = rejectionOf(Promise.resolve(rig.ask()));
    rig.flight(1).crash(new Error('down'));
    expect(String(await asked)).toContain('down');
  });
});

describe('forceRefresh', () => {
  test('waits for a new flight and keeps its value', async () => {
    const rig = await createFilledRig();
    const asked = rig.ask(true);
    rig.flight(1).land('second');
    expect(await asked).toBe('second');
    expect(rig.ask()).toBe('second');
  });

  test('joins the flight under way', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(40 * minute);
    void rig.ask();
    const asked = [rig.ask(true), rig.ask(true)];
    rig.flight(1).land('second');
    expect(await Promise.all(asked.map(async (given) => given))).toEqual(['second', 'second']);
    expect(rig.flights).toHaveLength(2);
  });

  test('rejects when the flight fails, and leaves the old value to others', async () => {
    const rig = await createFilledRig();
    const asked = rejectionOf(Promise.resolve(rig.ask(true)));
    rig.flight(1).crash(new Error('down'));
    expect(String(await asked)).toContain('down');
    expect(rig.ask()).toBe('first');
  });

  test('honours the first second of a pause and no more', async () => {
    const rig = await createFilledRig();
    const asked = rejectionOf(Promise.resolve(rig.ask(true)));
    rig.flight(1).crash(new Error('down'));
    await asked;
    expect(String(await rejectionOf(Promise.resolve(rig.ask(true))))).toContain('down');
    expect(rig.flights).toHaveLength(2);
    await rig.runtime.advance(second);
    const again = rig.ask(true);
    rig.flight(2).land('second');
    expect(await again).toBe('second');
  });
});

describe('a flight', () => {
  test('may try several times at the start, once after a failure and in the background, and several times when forced', async () => {
    const rig = createRig();
    const first = rejectionOf(Promise.resolve(rig.ask()));
    rig.flight(0).crash(new Error('down'));
    await first;
    await rig.runtime.advance(second);
    const again = rig.ask();
    rig.flight(1).land('first');
    await again;
    await rig.runtime.advance(50 * minute);
    void rig.ask();
    rig.flight(2).crash(new Error('down'));
    await rig.runtime.advance(0);
    void rejectionOf(Promise.resolve(rig.ask(true)));
    await rig.runtime.advance(second);
    void rejectionOf(Promise.resolve(rig.ask(true)));
    rig.flights.at(-1)?.crash(new Error('down'));
    await rig.runtime.advance(10 * minute);
    // Expired: this is the first need of a new row.
    void rejectionOf(Promise.resolve(rig.ask()));
    expect(rig.hastes).toEqual(['urgent', 'calm', 'calm', 'urgent', 'urgent']);
  });

  test('that began before the expiry and fails after it is followed by another for who waits', async () => {
    const rig = await createFilledRig();
    await rig.runtime.advance(60 * minute - second);
    const early = rig.ask();
    await rig.runtime.advance(2 * second);
    const late = rig.ask();
    rig.flight(1).crash(new Error('down'));
    await rig.runtime.advance(0);
    expect(rig.flights).toHaveLength(3);
    rig.flight(2).land('second');
    expect(await Promise.all([early, late])).toEqual(['second', 'second']);
  });
});

describe('the clock', () => {
  test('a wall clock that is set back after a sleep does not bring an expired value back', async () => {
    const rig = await createFilledRig();
    rig.runtime.jump(50 * minute);
    void rig.ask();
    rig.flight(1).crash(new Error('down'));
    await rig.runtime.advance(0);
    rig.runtime.jump(-300 * minute);
    await rig.runtime.advance(11 * minute);
    expect(rig.ask()).toBeInstanceOf(Promise);
  });

  test('a wall clock that jumps ahead costs one flight, not a loop', async () => {
    const rig = await createFilledRig();
    rig.runtime.jump(5 * 60 * minute);
    const asked = rig.ask();
    rig.flight(1).land('second');
    expect(await asked).toBe('second');
    await rig.runtime.advance(minute);
    expect(rig.ask()).toBe('second');
    expect(rig.flights).toHaveLength(2);
  });

  test('a wall clock that jumps back changes nothing', async () => {
    const rig = await createFilledRig();
    rig.runtime.jump(-5 * 60 * minute);
    await rig.runtime.advance(39 * minute);
    expect(rig.ask()).toBe('first');
    await rig.runtime.advance(21 * minute);
    expect(rig.ask()).toBeInstanceOf(Promise);
  });
});

describe('a value that was made earlier', () => {
  test('is refreshed when two thirds of its whole life are over', async () => {
    const rig = createRig();
    const first = rig.ask();
    rig.flight(0).land('first', 24 * minute, 36 * minute);
    await first;
    await rig.runtime.advance(4 * minute - second);
    expect([rig.ask(), rig.flights.length]).toEqual(['first', 1]);
    await rig.runtime.advance(second);
    expect([rig.ask(), rig.flights.length]).toEqual(['first', 2]);
  });

  test('in its last third is refreshed with the next question', async () => {
    const rig = createRig();
    const first = rig.ask();
    rig.flight(0).land('first', 15 * minute, 45 * minute);
    await first;
    expect([rig.ask(), rig.flights.length]).toEqual(['first', 2]);
  });

  test('ends when what is left of it is over', async () => {
    const rig = createRig();
    const first = rig.ask();
    rig.flight(0).land('first', 24 * minute, 36 * minute);
    await first;
    await rig.runtime.advance(24 * minute);
    const next = rig.ask();
    rig.flight(1).land('second');
    expect(await next).toBe('second');
  });
});
