import { describe, expect, test } from '@jest/globals';
import type { SessionTarget } from '../src/config/fallbacks.js';
import { SessionError, sessionErrorCodes, type SessionErrorCode } from '../src/errors.js';
import { createFailover } from '../src/failover.js';
import { testIdentity } from './support/identity.js';

const minute = 60_000;
const identity = testIdentity();
const target = (name: string): SessionTarget => ({
  settings: { trustAnchorArn: name, profileArn: 'profile', roleArn: 'role', identity },
  clientConfig: {},
});
const targets = [target('first'), target('second'), target('third')];

/** A row of targets; those in `down` answer with the code, after the time given, the others with their name. */
function world(down: Readonly<Record<string, SessionErrorCode>>, milliseconds = 0) {
  let now = 0;
  const broken = new Map(Object.entries(down));
  const asked: string[] = [];
  const used: string[] = [];
  const failover = createFailover({ monotonic: () => now });
  const ask = () =>
    failover({
      targets,
      totalTimeoutMilliseconds: 20_000,
      call: async ({ settings: { trustAnchorArn: name } }, timeout) => {
        asked.push(`${name} ${timeout}`);
        const code = broken.get(name);
        if (code === undefined) return name;
        now += Math.min(milliseconds, timeout);
        const answer = { status: 503, requestId: 'r-1', $metadata: { attempts: 3 } };
        throw new SessionError({ code, message: `${name} failed.`, ...answer });
      },
      usedFallback: ({ settings }) => used.push(settings.trustAnchorArn),
    });
  const pass = (by: number): void => {
    now += by;
  };
  return { ask, asked, used, broken, pass };
}

const namesOf = (asked: readonly string[]): readonly string[] =>
  asked.map((line) => line.split(' ')[0] ?? '');

describe('fallbacks', () => {
  test('are not asked while the first target answers', async () => {
    const { ask, asked, used } = world({ second: 'SERVICE_FAILED' });
    expect(await ask()).toBe('first');
    expect(namesOf(asked)).toEqual(['first']);
    expect(used).toEqual([]);
  });

  test.each(['NETWORK_FAILED', 'TIMED_OUT', 'SERVICE_FAILED'] as const)(
    'are asked in order after %s',
    async (code) => {
      const { ask, asked, used } = world({ first: code, second: code });
      expect(await ask()).toBe('third');
      expect(namesOf(asked)).toEqual(['first', 'second', 'third']);
      expect(used).toEqual(['third']);
    },
  );

  test('are not asked after anything that is no outage', async () => {
    for (const code of sessionErrorCodes.filter((each) => !/NETWORK|TIMED|SERVICE/.test(each))) {
      const { ask, asked } = world({ first: code });
      await expect(ask()).rejects.toMatchObject({ code });
      expect(namesOf(asked)).toEqual(['first']);
    }
  });

  test('end with the refusal of one of them, which is not hidden by the next', async () => {
    const { ask, asked } = world({ first: 'NETWORK_FAILED', second: 'ACCESS_DENIED' });
    await expect(ask()).rejects.toMatchObject({ code: 'ACCESS_DENIED', message: 'second failed.' });
    expect(namesOf(asked)).toEqual(['first', 'second']);
  });

  test('are not asked after an error that is none of ours', async () => {
    const failover = createFailover({ monotonic: () => 0 });
    const broken = new TypeError('a defect');
    const call = () => Promise.reject(broken);
    const request = { targets, totalTimeoutMilliseconds: 1000, call, usedFallback: () => undefined };
    await expect(failover(request)).rejects.toBe(broken);
  });

  test('when all fail, tell the error of the first, with its facts, and what became of the others', async () => {
    const { ask } = world({ first: 'SERVICE_FAILED', second: 'NETWORK_FAILED', third: 'TIMED_OUT' });
    await expect(ask()).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      message: 'first failed. No fallback gave a session either: second (NETWORK_FAILED), third (TIMED_OUT).',
      status: 503,
      requestId: 'r-1',
      $metadata: { attempts: 3 },
      cause: { message: 'first failed.' },
    });
  });

  test('get half of the time that is left, and the last all of it', async () => {
    const { ask, asked } = world({ first: 'TIMED_OUT', second: 'TIMED_OUT', third: 'TIMED_OUT' }, minute);
    await expect(ask()).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(asked).toEqual(['first 10000', 'second 5000', 'third 5000']);
  });
});

describe('the target that worked last', () => {
  test('is asked first for a quarter of an hour, and then the first has its turn again', async () => {
    const { ask, asked, broken, pass } = world({ first: 'NETWORK_FAILED' });
    await ask();
    pass(14 * minute);
    expect(await ask()).toBe('second');
    expect(namesOf(asked)).toEqual(['first', 'second', 'second']);
    pass(minute);
    broken.clear();
    expect(await ask()).toBe('first');
    pass(minute);
    expect(await ask()).toBe('first');
    expect(namesOf(asked).slice(3)).toEqual(['first', 'first']);
  });

  test('is left when it fails, and the first is asked next', async () => {
    const { ask, asked, broken } = world({ first: 'NETWORK_FAILED' });
    await ask();
    broken.clear();
    broken.set('second', 'SERVICE_FAILED');
    expect(await ask()).toBe('first');
    expect(namesOf(asked)).toEqual(['first', 'second', 'second', 'first']);
    expect(await ask()).toBe('first');
  });
});
