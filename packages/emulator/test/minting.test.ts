import { expect, test } from '@jest/globals';
import { createIssuedSessions, type IssuedSession } from '../src/issued-sessions.js';
import { mintMadeUp, type MintRequest } from '../src/index.js';

const request: MintRequest = {
  roleArn: 'arn:aws:iam::111122223333:role/r',
  accountId: '111122223333',
  region: 'us-east-1',
  roleSessionName: '01',
  durationSeconds: 900,
  sourceIdentity: 'CN=a',
  sessionTags: {},
  issuedAt: new Date('2026-03-04T05:06:07.890Z'),
};

test('made-up credentials have the form of a session and say what they are', async () => {
  const minted = await mintMadeUp()(request);
  expect(minted.accessKeyId).toMatch(/^ASIAEMULATOR[A-Z2-7]{8}$/);
  expect(minted.secretAccessKey).toMatch(/^madeUpByTheEmulator\/[A-Za-z0-9+/]{20}$/);
  expect(minted.sessionToken).toMatch(/^madeUpByTheEmulator\//);
  expect(minted.secretAccessKey).toHaveLength(40);
});

test('made-up credentials end a duration after their issue, in whole seconds', async () => {
  const { expiration } = await mintMadeUp()(request);
  expect(expiration.toISOString()).toBe('2026-03-04T05:21:07.000Z');
});

test('two mintings share nothing', async () => {
  const [one, two] = await Promise.all([mintMadeUp()(request), mintMadeUp()(request)]);
  expect(one.accessKeyId).not.toBe(two.accessKeyId);
  expect(one.secretAccessKey).not.toBe(two.secretAccessKey);
  expect(one.sessionToken).not.toBe(two.sessionToken);
});

const session = (accessKeyId: string, expiration: number): IssuedSession => ({
  accessKeyId,
  secretAccessKey: 's',
  sessionToken: 't',
  expiration: new Date(expiration),
  assumedRoleArn: 'a',
  assumedRoleId: 'i',
  accountId: '111122223333',
  roleArn: 'r',
});

test('an expired session is known for an hour more', () => {
  let now = 0;
  const sessions = createIssuedSessions({ clock: () => new Date(now) });
  sessions.keep(session('A', 1000));
  now = 3_600_000;
  expect(sessions.find('A')?.accessKeyId).toBe('A');
  now = 3_601_001;
  expect(sessions.find('A')).toBeUndefined();
});

test('past the limit the expired go first, then the oldest', () => {
  let now = 0;
  const sessions = createIssuedSessions({ clock: () => new Date(now), limit: 2 });
  sessions.keep(session('old', 100_000_000));
  sessions.keep(session('expired', 1000));
  now = 10_000_000;
  sessions.keep(session('new', 100_000_000));
  expect(sessions.find('old')).toBeDefined();
  sessions.keep(session('newest', 100_000_000));
  expect(sessions.find('old')).toBeUndefined();
  expect(sessions.find('new')).toBeDefined();
});
