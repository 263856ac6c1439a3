import { describe, expect, test } from '@jest/globals';
import { formatCachedSession, parseCachedSession } from '../../src/cache/cached-session.js';
import { createVirtualRuntime } from '../support/virtual-runtime.js';
import { createMemoryCache, entryOf, key, order } from './cache-order.js';

const entry = entryOf(Date.parse('2026-11-25T12:00:00Z'), 0, { accountId: '1', bootMilliseconds: 5 });

describe('the text of an entry', () => {
  test('is read as it was written', async () => {
    expect(await parseCachedSession(await formatCachedSession(entry))).toEqual(entry);
  });

  test('that was cut off anywhere is not read', async () => {
    const text = await formatCachedSession(entry);
    const cut = Array.from({ length: text.length }, (_, length) => text.slice(0, length));
    const read = await Promise.all(cut.map((half) => parseCachedSession(half)));
    expect(read.filter((one) => one !== undefined)).toEqual([]);
  });

  test('in which a bit has flipped anywhere is not read', async () => {
    const text = await formatCachedSession(entry);
    const flipped = Array.from(text, (letter, at) => {
      const other = String.fromCodePoint((letter.codePointAt(0) ?? 0) ^ 1);
      return text.slice(0, at) + other + text.slice(at + 1);
    });
    const read = await Promise.all(flipped.map((spoilt) => parseCachedSession(spoilt)));
    expect(read.filter((one) => one !== undefined)).toEqual([]);
  });

  test('of another version is not read, although its checksum is right', async () => {
    const other = { ...entry, version: 2 };
    const text = await formatCachedSession(other);
    expect(await parseCachedSession(text)).toBeUndefined();
  });
});

test('holds the credentials, the dates and the account, and nothing else of the session', async () => {
  const [cache, runtime] = [createMemoryCache(), createVirtualRuntime()];
  await order({ cache, uptime: async () => 1 }, runtime).ended;
  const text = cache.texts.get(key) ?? '';
  const written: unknown = JSON.parse(text);
  expect(written).toEqual({
    version: 1,
    credentials: {
      accessKeyId: 'ASIANEW',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: '2026-11-25T13:00:00.000Z',
    },
    accountId: '111122223333',
    createdMilliseconds: runtime.now(),
    lifetimeMilliseconds: 3_600_000,
    bootMilliseconds: runtime.now() - 1,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});
