import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { STSClient } from '@aws-sdk/client-sts';
import type { HttpRequest, HttpResponse } from '@smithy/types';
import { createProvider } from '../src/create-provider.js';
import type { HttpHandler, RolesAnywhereCredentialProvider } from '../src/index.js';
import { testIdentity } from './support/identity.js';
import { arns, rejectionOf } from './support/options.js';
import { createRandom } from './support/random.js';
import { sessionJson, wholeSeconds } from './support/session-server.js';
import { createVirtualRuntime, type VirtualRuntime } from './support/virtual-runtime.js';

const second = 1000;
const minute = 60 * second;
const identity = testIdentity();

type Trouble = 'none' | 'down' | 'silent' | 'refusing' | 'throttling';

interface World {
  readonly runtime: VirtualRuntime;
  readonly provider: RolesAnywhereCredentialProvider;
  /** When the service was called, in milliseconds since the beginning. */
  readonly calls: readonly number[];
  trouble: Trouble;
}

/** A provider and its service, an hour's session at a time. */
function createWorld(): World {
  const runtime = createVirtualRuntime(createRandom(5));
  const began = runtime.monotonic();
  const calls: number[] = [];
  const service: HttpHandler = {
    handle: async (_request: HttpRequest, options) => {
      calls.push(runtime.monotonic() - began);
      if (world.trouble === 'silent') await aborted(options?.abortSignal);
      return { response: answers[world.trouble](runtime) };
    },
  };
  const clientConfig = { requestHandler: service, endpoint: 'https://rolesanywhere.example' };
  const world: World = {
    runtime,
    provider: createProvider({ ...arns, identity, clientConfig }, runtime),
    calls,
    trouble: 'none',
  };
  return world;
}

const refuse = (statusCode: number, message: string): HttpResponse => ({
  statusCode,
  headers: {},
  body: JSON.stringify({ message }),
});
const answers: Record<Trouble, (runtime: VirtualRuntime) => HttpResponse> = {
  none: (runtime) => ({
    statusCode: 201,
    headers: {},
    body: sessionJson({ expiration: wholeSeconds(runtime.now() + 60 * minute) }),
  }),
  down: () => refuse(503, 'down'),
  silent: () => refuse(503, 'down'),
  refusing: () => refuse(403, 'Certificate revoked'),
  throttling: () => refuse(429, 'Rate exceeded'),
};

function aborted(signal: unknown): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (!(signal instanceof AbortSignal)) throw new Error('There is no signal.');
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}

interface Met {
  readonly outcome: 'credentials' | 'error';
  /** Of virtual time. */
  readonly waitedMilliseconds: number;
}

/** One request of the application; when it does not end by itself, time passes. */
async function request(world: World): Promise<Met> {
  const asked = world.runtime.monotonic();
  const met: Met[] = [];
  const end = (outcome: Met['outcome']): void => {
    met.push({ outcome, waitedMilliseconds: world.runtime.monotonic() - asked });
  };
  world.provider().then(
    ({ expiration }) =>
      end(expiration !== undefined && expiration.getTime() > world.runtime.now() ? 'credentials' : 'error'),
    () => end('error'),
  );
  await world.runtime.advance(0);
  for (;;) {
    const [first] = met;
    if (first !== undefined) return first;
    await world.runtime.advance(100);
  }
}

/** Milliseconds between one number and the next. */
function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

describe.each(['down', 'throttling', 'refusing', 'silent'] as const)(
  'a service that is %s from minute 5 to the last second of a session',
  (trouble) => {
    async function live(): Promise<{ world: World; met: readonly (Met & { at: number })[] }> {
      const world = createWorld();
      await request(world);
      await world.runtime.advance(5 * minute - 1);
      world.trouble = trouble;
      const began = world.runtime.monotonic() - 5 * minute;
      const met: (Met & { at: number })[] = [];
      const now = (): number => world.runtime.monotonic() - began;
      while (now() < 60 * minute - second) {
        const at = now();
        met.push({ at, ...(await request(world)) });
        await world.runtime.advance(second);
      }
      return { world, met };
    }

    test('fails no request', async () => {
      const { met } = await live();
      expect(met.length).toBeGreaterThan(3000);
      expect(met.filter(({ outcome }) => outcome === 'error')).toEqual([]);
    });

    test('lets no request wait until the last minute, and none longer than 5 seconds in it', async () => {
      const { met } = await live();
      const waits = (from: number, to: number): number =>
        Math.max(
          ...met
            .filter(({ at }) => at >= from && at < to)
            .map(({ waitedMilliseconds }) => waitedMilliseconds),
        );
      expect(waits(5 * minute, 59 * minute)).toBe(0);
      expect(waits(59 * minute, 60 * minute)).toBeLessThanOrEqual(5 * second);
    });

    test('gets at most one attempt in each pause of 30 seconds or more', async () => {
      const { world } = await live();
      const [, ...attempts] = world.calls;
      expect(attempts.length).toBeGreaterThan(1);
      expect(attempts.length).toBeLessThanOrEqual(14);
      expect(Math.min(...gaps(attempts))).toBeGreaterThanOrEqual(30 * second);
    });

    test('gives a new session as soon as it is asked for one after the last second', async () => {
      const { world } = await live();
      world.trouble = 'none';
      await world.runtime.advance(2 * second);
      expect(await request(world)).toEqual({
        outcome: 'credentials',
        waitedMilliseconds: expect.any(Number),
      });
    });
  },
);

test('an application that is refused from the start makes one call per pause, not one per request', async () => {
  const world = createWorld();
  world.trouble = 'refusing';
  for (let count = 0; count < 6000; count += 1) {
    expect((await request(world)).outcome).toBe('error');
    await world.runtime.advance(100);
  }
  expect(Math.min(...gaps(world.calls))).toBeGreaterThanOrEqual(30 * second);
  expect(world.calls.length).toBeLessThanOrEqual(20);
});

test('an application that starts while the service is down has its first session within a pause of at most 45 s', async () => {
  const world = createWorld();
  world.trouble = 'down';
  for (let elapsed = 0; elapsed < 600; elapsed += 1) {
    expect((await request(world)).outcome).toBe('error');
    await world.runtime.advance(second);
  }
  // Three attempts in the first call, one in each after it.
  expect(world.calls.length).toBeLessThanOrEqual(30);
  world.trouble = 'none';
  let waited = 0;
  for (; (await request(world)).outcome === 'error'; waited += 1) await world.runtime.advance(second);
  expect(waited).toBeLessThanOrEqual(45);
});

test('an application that is throttled once by chance has its session within 8 seconds, in the same request', async () => {
  const world = createWorld();
  world.trouble = 'throttling';
  const asked = request(world);
  while (world.calls.length === 0) await world.runtime.advance(0);
  world.trouble = 'none';
  const { outcome, waitedMilliseconds } = await asked;
  expect(outcome).toBe('credentials');
  expect(waitedMilliseconds).toBeLessThanOrEqual(8100);
});

describe("beside it, with nothing but the SDK's memo,", () => {
  let clock: VirtualRuntime | undefined;
  beforeEach(() => {
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => clock?.now() ?? real());
  });
  afterEach(() => {
    jest.restoreAllMocks();
    clock = undefined;
  });

  test('every request fails from minute 55 on, and every one of them is a call', async () => {
    const world = createWorld();
    clock = world.runtime;
    let calls = 0;
    // A provider like most: it calls, and leaves the rest to the memo that a client puts around it.
    const bare = async (): Promise<{ accessKeyId: string; secretAccessKey: string; expiration: Date }> => {
      calls += 1;
      if (world.trouble !== 'none') throw new Error('down');
      return {
        accessKeyId: 'ASIA',
        secretAccessKey: 'key',
        expiration: new Date(world.runtime.now() + 60 * minute),
      };
    };
    const client = new STSClient({ region: 'eu-central-1', credentials: bare });
    await client.config.credentials();
    await world.runtime.advance(5 * minute);
    world.trouble = 'down';
    const failedAt: number[] = [];
    for (let elapsed = 5 * 60; elapsed < 3600; elapsed += 1) {
      await client.config.credentials().catch(() => failedAt.push(elapsed));
      await world.runtime.advance(second);
    }
    expect(failedAt[0]).toBe(55 * 60 + 1);
    expect(failedAt).toHaveLength(5 * 60 - 1);
    expect(calls).toBe(1 + failedAt.length);
    await expect(rejectionOf(client.config.credentials())).resolves.toThrow('down');
  });
});
