import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { faultCases, type FaultCase } from '../support/fault-cases.js';
import {
  createFaultAuthority,
  createFaultWorld,
  type FaultAuthority,
  type FaultWorld,
} from '../support/fault-world.js';
import { rejectionOf } from '../support/options.js';

let shared: FaultAuthority;
let world: FaultWorld;

beforeAll(async () => {
  shared = await createFaultAuthority();
});
beforeEach(async () => {
  world = await createFaultWorld(shared);
});
afterEach(async () => {
  delete process.env['HTTPS_PROXY'];
  await world.close();
});

/** Ends the trouble. */
function recover(): void {
  world.emulator.faults.clear();
  world.endpoint = world.url;
  delete process.env['HTTPS_PROXY'];
}

const minute = 60_000;

describe.each(faultCases)('$name', ({ arrange, init, error }) => {
  test('ends the call with its code, its facts and what to do; and the next call is made anew', async () => {
    const provider = world.createProvider(init);
    await arrange(world);
    const thrown = await rejectionOf(provider());
    expect(thrown).toMatchObject({ name: 'CredentialsProviderError', tryNextLink: false, ...factsOf(error) });
    for (const words of error.says) expect(String(thrown)).toContain(words);
    recover();
    world.runtime.skip(60 * minute);
    const { accessKeyId } = await provider();
    expect(world.emulator.findSession(accessKeyId)).toBeDefined();
  });

  test('is not noticed by a caller while the credentials in hand are valid', async () => {
    const failed: string[] = [];
    const logger = {
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (line: string) => void failed.push(line),
    };
    const provider = world.createProvider({ ...init, logger });
    const held = await provider();
    world.runtime.skip(50 * minute);
    await arrange(world);
    expect(await provider()).toEqual(held);
    await until(() => failed.length > 0);
    expect(failed[0]).toContain(error.code);
    expect(await provider()).toEqual(held);
    recover();
    world.runtime.skip(6 * minute);
    await provider({ forceRefresh: true });
    expect((await provider()).accessKeyId).not.toBe(held.accessKeyId);
  });
});

describe('a clock of the service', () => {
  test.each([600, -600])(
    '%d seconds off is found out over TLS, corrected once, and remembered',
    async (seconds) => {
      const provider = world.createProvider();
      const skewed = { type: 'clockSkew', seconds } as const;
      world.emulator.faults.next(skewed, skewed, skewed);
      const first = await provider();
      expect(world.emulator.faults.waiting).toBe(1);
      const second = await provider({ forceRefresh: true });
      expect(world.emulator.faults.waiting).toBe(0);
      expect(second.accessKeyId).not.toBe(first.accessKeyId);
    },
  );

  test('that says another time with each answer is not followed further', async () => {
    const provider = world.createProvider();
    world.emulator.faults.next(
      ...[600, -600, 600, -600].map((seconds) => ({ type: 'clockSkew', seconds }) as const),
    );
    expect(await rejectionOf(provider())).toMatchObject({ code: 'CLOCK_SKEWED', $metadata: { attempts: 2 } });
    expect(world.emulator.faults.waiting).toBe(2);
  });
});

test('a body of 1 GiB is cut off before it costs memory', async () => {
  const provider = world.createProvider();
  world.emulator.faults.next({ type: 'huge', bytes: 2 ** 30 });
  const before = process.memoryUsage().rss;
  await rejectionOf(provider());
  expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 27);
});

/** The error's members, as far as a case fixes them. */
function factsOf({ code, status, attempts, cause }: FaultCase['error']): object {
  return {
    code,
    $metadata: {
      ...(attempts !== undefined && { attempts }),
      ...(status !== undefined && { httpStatusCode: status }),
    },
    ...(status !== undefined && { status }),
    ...(cause !== undefined && { cause }),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
