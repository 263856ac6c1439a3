import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '@rolesanywhere/emulator';
import {
  fromPem,
  type PublishedEvent,
  type SessionCache,
  type X509Identity,
} from '@rolesanywhere/credential-provider';
import { rejectionOf } from '../support/options.js';
import { createWatchedWorld, type WatchedWorld } from '../support/watched-provider.js';

const minute = 60_000;
const day = 24 * 60 * minute;
const prefix = '@rolesanywhere/credential-provider - fromRolesAnywhere';
let world: WatchedWorld;
/** What callers were rejected with, which must hold no secret either. */
let errors: unknown[];
let looked: number;

beforeEach(async () => {
  world = await createWatchedWorld();
  errors = [];
  looked = 0;
});
afterEach(() => {
  world.close();
  const found = world.scanner.findIn(world.events, world.lines, errors);
  if (found.length > 0) throw new Error(`An event, a line or an error held: ${found.join(', ')}.`);
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await rejectionOf(promise);
  errors.push(error);
  return error;
}

/** The events since the last look. */
function news(): readonly PublishedEvent[] {
  const events = world.events.slice(looked);
  looked += events.length;
  return events;
}

function typesOf(events: readonly PublishedEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

/** With another end than its certificate says: a service that is not asked does not mind. */
function ending(identity: X509Identity, expiration: Date, life: number): X509Identity {
  const notBefore = new Date(expiration.getTime() - life);
  return {
    ...identity,
    expiration,
    certificate: { ...identity.certificate, notBefore, notAfter: expiration },
  };
}

test('the scanner knows the secrets of a call, and finds them', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = await world.createProvider()();
  const { scanner } = world;
  expect(scanner.findIn({ accessKeyId })).toEqual(['accessKeyId']);
  expect(scanner.findIn([new Error(`x${secretAccessKey}`)])).toEqual(['secretAccessKey']);
  expect(scanner.findIn(`x${sessionToken}`)).toEqual(['sessionToken']);
  const line = world.privateKeyPem.split('\n')[1];
  expect(scanner.findIn(new Error('x', { cause: { deep: line } }))).toEqual(['private key']);
});

describe('a session', () => {
  test('is told from its start to its end, with its target; calls that it serves are not told', async () => {
    const provider = world.createProvider();
    const { expiration } = await provider();
    const events = news();
    expect(typesOf(events)).toEqual(['refreshStarted', 'refreshSucceeded']);
    for (const event of events) expect(event).toMatchObject({ target: world.arns, time: expect.any(Date) });
    const [, succeeded] = events;
    const { certificate, expiration: end } = world.identity;
    const serialNumber = certificate.serialNumber.toString(16);
    expect(succeeded).toMatchObject({ certificate: { serialNumber, expiration: end } });
    if (succeeded?.type !== 'refreshSucceeded') throw new Error('There is no session.');
    // By this machine's clock, and a second early: the service's date is cut to whole seconds.
    expect(succeeded.expiration.getTime()).toBe(Number(expiration) - 1000);
    await provider();
    await provider();
    expect(news()).toEqual([]);
    expect(world.lines).toEqual([
      `debug ${prefix}: refresh started`,
      expect.stringMatching(`debug ${prefix}: new session for 3[56]\\d\\d s`),
    ]);
  });

  test('whose target comes from the configuration is told with it', async () => {
    const { roleArn, ...others } = world.arns;
    process.env['ROLES_ANYWHERE_ROLE_ARN'] = roleArn;
    await world.createProvider({}, others)();
    delete process.env['ROLES_ANYWHERE_ROLE_ARN'];
    expect(news()).toMatchObject([
      { type: 'refreshStarted', target: others },
      { type: 'refreshSucceeded', target: world.arns },
    ]);
  });
});

describe('an outage', () => {
  test('is told as failures that nobody notices, then as failures, then as a success', async () => {
    const provider = world.createProvider();
    await provider();
    news();
    const down = Array.from({ length: 500 }, () => ({ type: 'serverError' }) as const);
    world.emulator.faults.next(...down);
    for (let passed = 0; passed < 61; passed += 1) {
      await provider().catch((error: unknown) => errors.push(error));
      await world.runtime.advance(minute);
    }
    const during = news();
    const hidden = during.filter((event) => event.type === 'refreshFailedButValid');
    expect(hidden.length).toBeGreaterThan(3);
    expect(hidden.map(({ failures }) => failures)).toEqual(hidden.map((_, index) => index + 1));
    expect(hidden[0]).toMatchObject({
      error: { code: 'SERVICE_FAILED', status: 500, message: expect.stringContaining('500') },
      pauseMilliseconds: expect.any(Number),
      durationMilliseconds: expect.any(Number),
    });
    expect(world.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    await world.runtime.advance(5 * minute);
    await failureOf(provider());
    expect(typesOf(news())).toEqual(['refreshStarted', 'refreshFailed']);
    world.emulator.faults.clear();
    await world.runtime.advance(5 * minute);
    await provider();
    expect(typesOf(news())).toEqual(['refreshStarted', 'refreshSucceeded']);
  });

  test('that a fallback ends is told with the fallback', async () => {
    const provider = world.createProvider({ fallbacks: [world.arns] });
    world.emulator.faults.next({ type: 'serverError' });
    await provider();
    expect(news()).toMatchObject([
      { type: 'refreshStarted' },
      { type: 'fallbackUsed', target: world.arns, fallback: world.arns },
      { type: 'refreshSucceeded' },
    ]);
    expect(world.lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringContaining(`fallback ${world.arns.trustAnchorArn}`),
    ]);
  });
});

test.each([
  { type: 'throttle' },
  { type: 'webPage' },
  { type: 'redirect', location: 'https://elsewhere.example/' },
  { type: 'emptyObject' },
  { type: 'emptyCredentialSet' },
  { type: 'expiration' },
  { type: 'expiration', seconds: -5 },
] satisfies Fault[])('the answer %j is told as a failure, without what it holds', async (fault: Fault) => {
  world.emulator.faults.next(fault);
  const { code } = (await failureOf(world.createProvider()())) as { code: string };
  expect(news()).toMatchObject([{ type: 'refreshStarted' }, { type: 'refreshFailed', error: { code } }]);
});

test('a refusal is told with the request id', async () => {
  const provider = world.createProvider({ roleArn: `${world.arns.roleArn}X` });
  const error = (await failureOf(provider())) as { requestId: string };
  expect(error.requestId).toMatch(/./);
  const { code, status, requestId, serviceCode } = { ...error } as Record<string, unknown>;
  expect(news().at(-1)).toMatchObject({ error: { code, status, requestId, serviceCode } });
});

test('a clock that is off is told once, and again when it is right', async () => {
  const provider = world.createProvider();
  world.putServiceAhead(10 * minute);
  await provider();
  await provider({ forceRefresh: true });
  world.putServiceAhead(0);
  await provider({ forceRefresh: true });
  const told = news().filter((event) => event.type === 'clockCorrected');
  expect(told.map(({ correctionMilliseconds }) => Math.round(correctionMilliseconds / minute))).toEqual([
    10, 0,
  ]);
  expect(world.lines.filter((line) => line.startsWith('warn'))).toHaveLength(2);
});

describe('a certificate', () => {
  test('that ends is told of twice, at refreshes and not at each, and then refused without a call', async () => {
    const identity = ending(world.identity, new Date(world.runtime.now() + 40 * day), 200 * day);
    const provider = world.createProvider({ identity });
    const toldOn: number[] = [];
    for (let today = 0; today < 40; today += 1) {
      await provider();
      if (news().some(({ type }) => type === 'certificateExpiresSoon')) toldOn.push(today);
      await world.runtime.advance(day);
    }
    expect(toldOn).toEqual([11, 21]);
    expect(await failureOf(provider())).toMatchObject({ code: 'CERTIFICATE_EXPIRED' });
    expect(news().at(-1)).toMatchObject({ type: 'refreshFailed', error: { code: 'CERTIFICATE_EXPIRED' } });
    const warnings = world.lines.filter((line) => line.startsWith('warn'));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain(`until ${identity.expiration.toISOString()}; renew it`);
  });

  test('of an hour that is renewed every half hour is never told of', async () => {
    const identity = async (): Promise<X509Identity> => {
      const hour = 60 * minute;
      const made = Math.floor(world.runtime.now() / (hour / 2)) * (hour / 2);
      return ending(world.identity, new Date(made + hour), hour);
    };
    const provider = world.createProvider({ identity });
    for (let passed = 0; passed < 24 * 6; passed += 1) {
      await provider();
      await world.runtime.advance(10 * minute);
    }
    const types = typesOf(news());
    expect(types.filter((type) => type === 'refreshSucceeded').length).toBeGreaterThan(20);
    expect(types).not.toContain('certificateExpiresSoon');
  });

  test('that is kept because its successor cannot be used is told of, and warned of once', async () => {
    const keptBecause = new Error('half a key: SECRET');
    world.scanner.add('made up', 'SECRET');
    const provider = world.createProvider({ identity: async () => ({ ...world.identity, keptBecause }) });
    await provider();
    await provider({ forceRefresh: true });
    const serialNumber = world.identity.certificate.serialNumber.toString(16);
    const kept = news().filter(({ type }) => type === 'identityKept');
    expect(kept).toMatchObject([
      { certificate: { serialNumber }, times: 1, error: { code: 'UNEXPECTED' } },
      { certificate: { serialNumber }, times: 2 },
    ]);
    expect(world.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });
});

describe('an identity', () => {
  test.each([
    ['throws', () => Promise.reject(new Error('SECRET'))],
    ['is asked for with the wrong passphrase', 'wrong passphrase'],
    ['has the wrong key', 'wrong key'],
  ])('that %s is told without secrets', async (_, how) => {
    world.scanner.add('passphrase or cause', 'SECRET');
    const certificate = Buffer.from(world.identity.certificate.der);
    const identity =
      typeof how === 'function'
        ? how
        : fromPem({
            certificate,
            privateKey: how === 'wrong key' ? world.privateKeyPem.slice(0, 100) : world.privateKeyPem,
            passphrase: 'SECRET',
          });
    const provider = world.createProvider({ identity });
    await provider().catch(() => undefined);
    expect(news().length).toBeGreaterThan(1);
  });

  test('given where an ARN belongs is told without it', async () => {
    const provider = world.createProvider({ profileArn: 'x', roleArn: 'x', trustAnchorArn: 'x' });
    await failureOf(provider());
    expect(news()).toMatchObject([
      { type: 'refreshStarted', target: {} },
      { type: 'refreshFailed', error: { code: 'INVALID_ARN' } },
    ]);
  });
});

describe('a cache', () => {
  const kept = new Map<string, Awaited<ReturnType<SessionCache['read']>>>();
  const cache: SessionCache = {
    read: async (key) => kept.get(key),
    write: async (key, entry) => void kept.set(key, entry),
    lock: async () => async () => undefined,
  };
  beforeEach(() => kept.clear());

  test('that has a session is told as a hit', async () => {
    await world.createProvider({ cache })();
    expect(typesOf(news())).toEqual(['refreshStarted', 'refreshSucceeded']);
    await world.createProvider({ cache })();
    expect(typesOf(news())).toEqual(['refreshStarted', 'cacheHit', 'refreshSucceeded']);
    expect(world.lines).toContain(`debug ${prefix}: session taken from the cache`);
  });

  test('that fails is told without what it says', async () => {
    world.scanner.add('made up', 'SECRET');
    const read = (): never => {
      throw new Error('SECRET');
    };
    await world.createProvider({ cache: { ...cache, read } })();
    expect(news().find(({ type }) => type === 'cacheFailed')).toMatchObject({
      error: { code: 'UNEXPECTED' },
    });
  });
});
