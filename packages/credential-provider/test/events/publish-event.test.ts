import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventChannels, IdentityError, type PublishedEvent } from '@rolesanywhere/credential-provider';
import { SessionError } from '../../src/errors.js';
import { createEventPublisher } from '../../src/events/publish-event.js';
import { arns } from '../support/options.js';
import { createVirtualRuntime } from '../support/virtual-runtime.js';
import { recordEvents } from '../support/watched-provider.js';

let events: PublishedEvent[];
let close: () => void;

beforeEach(() => {
  ({ events, close } = recordEvents());
});
afterEach(() => close());

const runtime = createVirtualRuntime();
const publish = createEventPublisher(runtime);
const failure = { type: 'refreshFailed', stillValid: true, failures: 1, pauseMilliseconds: 30_000 } as const;

test('every channel is named after its event', () => {
  for (const [type, name] of Object.entries(eventChannels)) {
    const words = type.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(name).toBe(`rolesanywhere:${words}`);
  }
});

describe('a refresh', () => {
  test('that succeeds tells how long it took and when the session ends', async () => {
    publish({ type: 'refreshStarted' }, { target: arns });
    const started = new Date(runtime.now());
    await runtime.advance(250);
    publish({ type: 'refreshed', lifetimeMilliseconds: 1000 }, { target: arns });
    expect(events).toEqual([
      { type: 'refreshStarted', time: started, target: arns },
      {
        type: 'refreshSucceeded',
        time: new Date(runtime.now()),
        target: arns,
        expiration: new Date(runtime.now() + 1000),
        lifetimeMilliseconds: 1000,
        durationMilliseconds: 250,
      },
    ]);
  });

  test('that fails has two channels: with a session that is valid, and without one', () => {
    const error = new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message: 'gone' });
    publish({ ...failure, error }, { target: arns });
    publish({ ...failure, stillValid: false, error }, { target: arns });
    const facts = { failures: 1, pauseMilliseconds: 30_000, error: { code: error.code, message: 'gone' } };
    expect(events).toMatchObject([
      { type: 'refreshFailedButValid', ...facts },
      { type: 'refreshFailed', ...facts },
    ]);
  });
});

describe('an error', () => {
  test('of the service is shown with its request id, without its cause', () => {
    const facts = { status: 403, requestId: 'r-1', serviceCode: 'AccessDeniedException' };
    const cause = new Error('SECRET');
    publish(
      { ...failure, error: new SessionError({ code: 'ACCESS_DENIED', message: 'no', cause, ...facts }) },
      { target: {} },
    );
    expect(events).toMatchObject([{ error: { code: 'ACCESS_DENIED', message: 'no', ...facts } }]);
    expect(JSON.stringify(events)).not.toContain('SECRET');
  });

  test('of anybody else is shown without its message, which may say anything', () => {
    publish({ type: 'cacheFailed', error: new Error('SECRET') }, { target: {} });
    expect(events).toMatchObject([{ error: { code: 'UNEXPECTED' } }]);
    expect(JSON.stringify(events)).not.toContain('SECRET');
  });
});

test('an option that is no ARN is not told', () => {
  const target = { trustAnchorArn: '-----BEGIN PRIVATE KEY-----', roleArn: arns.roleArn };
  publish({ type: 'cacheHit' }, { target });
  expect(events).toMatchObject([{ target: { roleArn: arns.roleArn } }]);
  expect(JSON.stringify(events)).not.toContain('PRIVATE');
});

test('what a subscriber gets is its own: changing it changes nothing here', () => {
  const expiration = new Date(runtime.now());
  const news = { type: 'certificateExpiresSoon', serialNumber: 'ff', remainingMilliseconds: 0 } as const;
  const spoil = (event: unknown): void => {
    const { certificate } = event as { certificate: { expiration: Date } };
    certificate.expiration.setTime(0);
    expect(Object.isFrozen(event)).toBe(true);
  };
  subscribe(eventChannels.certificateExpiresSoon, spoil);
  publish({ ...news, expiration }, { target: arns });
  unsubscribe(eventChannels.certificateExpiresSoon, spoil);
  expect(expiration.getTime()).toBe(runtime.now());
});

test('while nobody listens nothing is published, and nothing happens', () => {
  close();
  publish({ type: 'cacheHit' }, { target: arns });
  expect(channel(eventChannels.cacheHit).hasSubscribers).toBe(false);
  expect(events).toEqual([]);
});

describe('where there are no channels', () => {
  const find = process.getBuiltinModule;
  afterEach(() => {
    process.getBuiltinModule = find;
  });

  test.each([
    ['no such function', undefined],
    ['no such module', () => undefined],
  ])('nothing is published, and nothing happens: %s', (_, replacement) => {
    Object.assign(process, { getBuiltinModule: replacement });
    const publishNothing = createEventPublisher(runtime);
    publishNothing({ type: 'cacheHit' }, { target: arns });
    expect(events).toEqual([]);
  });
});
