import { describe, expect, test } from '@jest/globals';
import { CKR, CryptokiError } from '../../src/errors/cryptoki-error.js';
import { createSessionPool } from '../../src/token/session-pool.js';

/** Sessions are numbers in a buffer; `most` is what the token allows. */
function poolOf(maxSessions: number, most = 100) {
  const open = new Set([0]);
  let opened = 1;
  const pool = createSessionPool({
    first: Buffer.of(0),
    maxSessions,
    open: async () => {
      if (open.size >= most) throw new CryptokiError('C_OpenSession', CKR.sessionCount);
      open.add(opened);
      opened += 1;
      return Buffer.of(opened - 1);
    },
    close: async (session) => {
      open.delete(session[0] ?? -1);
    },
  });
  return { pool, open };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const lost = new CryptokiError('C_Sign', CKR.deviceRemoved);

describe('a pool of sessions', () => {
  test('does one thing at a time in each session, and everything in the end', async () => {
    const { pool, open } = poolOf(3);
    const busy = new Set<number>();
    let most = 0;
    const work = async (session: Uint8Array): Promise<void> => {
      const number = session[0] ?? -1;
      expect(busy.has(number)).toBe(false);
      busy.add(number);
      most = Math.max(most, busy.size);
      await turn();
      busy.delete(number);
    };
    await Promise.all(Array.from({ length: 50 }, () => pool.run(work)));
    expect([most, open.size]).toEqual([3, 3]);
  });

  test('opens no session that is not needed', async () => {
    const { pool, open } = poolOf(4);
    for (let count = 0; count < 5; count += 1) await pool.run(async () => turn());
    expect(open.size).toBe(1);
  });

  test('makes do with the sessions that the token has', async () => {
    const { pool, open } = poolOf(8, 2);
    const done = await Promise.all(Array.from({ length: 20 }, (_, index) => pool.run(async () => index)));
    expect(done).toHaveLength(20);
    expect(open.size).toBe(2);
  });

  test('gives up a session whose work failed in the token, but not the last one', async () => {
    const { pool, open } = poolOf(2);
    const fail = async (): Promise<never> => {
      await turn();
      throw lost;
    };
    await Promise.allSettled([pool.run(fail), pool.run(fail)]);
    expect(open.size).toBe(1);
    expect(await pool.run(async () => 'works')).toBe('works');
  });

  test('keeps a session whose work failed elsewhere', async () => {
    const { pool, open } = poolOf(2);
    const fail = async (): Promise<never> => {
      await turn();
      throw new Error('elsewhere');
    };
    await Promise.allSettled([pool.run(fail), pool.run(fail)]);
    expect(open.size).toBe(2);
  });

  test('that is abandoned closes all, and refuses those in line and later ones', async () => {
    const { pool, open } = poolOf(1);
    const running = pool.run(turn);
    const inLine = pool.run(turn);
    await pool.abandon();
    const [first, second] = await Promise.allSettled([running, inLine]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { symbol: 'CKR_SESSION_CLOSED' } });
    await expect(pool.run(turn)).rejects.toMatchObject({ symbol: 'CKR_SESSION_CLOSED' });
    expect(open.size).toBe(0);
  });

  test('is settled when all that was asked for is done', async () => {
    const { pool } = poolOf(1);
    const done: number[] = [];
    for (const number of [1, 2, 3])
      void pool.run(async () => {
        await turn();
        done.push(number);
      });
    await pool.settled();
    expect(done).toEqual([1, 2, 3]);
  });
});
