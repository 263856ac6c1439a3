import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LoadError } from '../../src/module/module-thread.js';
import { createSharedModule } from '../../src/module/shared-module.js';
import { standInAddon } from '../support/stand-in-addon.js';

const { addon, folder } = standInAddon();
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(join(folder, 'calls'), ''));

function calls(): readonly string[] {
  return readFileSync(join(folder, 'calls'), 'utf8').split('\n').slice(0, -1);
}

const SESSION = new Uint8Array(8);

describe('a module', () => {
  test('is started once for all, and shut down after the last', async () => {
    const module = createSharedModule('a.so', addon);
    const leases = await Promise.all([module.lease(), module.lease(), module.lease()]);
    await Promise.all(leases.map((lease) => lease.release()));
    await leases[0]?.release();
    expect(calls()).toEqual(['C_Initialize', 'C_Finalize']);
    const again = await module.lease();
    expect((await again.cryptoki.info()).manufacturerID).toBe('a');
    await again.release();
    expect(calls()).toEqual(['C_Initialize', 'C_Finalize', 'C_Initialize', 'C_Finalize']);
  });

  test('that the system does not load is not started, and may be asked for again', async () => {
    const module = createSharedModule('none.so', addon);
    await expect(module.lease()).rejects.toThrow(LoadError);
    await expect(module.lease()).rejects.toThrow('none.so: cannot open');
    expect(calls()).toEqual([]);
  });

  test('whose thread ended is started anew by the next work, and its handles are void', async () => {
    const lease = await createSharedModule('a.so', addon).lease();
    const before = lease.generation();
    await expect(lease.within(before, () => lease.cryptoki.closeSession(SESSION))).rejects.toMatchObject({
      call: 'C_CloseSession',
    });
    await expect(lease.within(before, async () => 1)).rejects.toMatchObject({ symbol: 'CKR_SESSION_CLOSED' });
    expect(await lease.during(async (generation) => generation > before)).toBe(true);
    expect(await lease.cryptoki.slotsWithToken()).toHaveLength(1);
    await lease.release();
    expect(calls()).toEqual(['C_Initialize', 'C_Initialize', 'C_Finalize']);
  });

  test('is started anew once, whoever asks, and only when nothing is being done', async () => {
    const lease = await createSharedModule('a.so', addon).lease();
    const seen = lease.generation();
    const order: string[] = [];
    let finish: () => void = () => {};
    const work = lease.within(seen, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push('work');
    });
    const restarts = [1, 2].map(async () => order.push(`restarted ${await lease.restart(seen)}`));
    await lease.cryptoki.info();
    finish();
    await Promise.all([work, ...restarts]);
    expect(order).toEqual(['work', 'restarted true', 'restarted true']);
    expect(calls()).toEqual(['C_Initialize', 'C_Finalize', 'C_Initialize']);
    await lease.release();
  });

  test('is not started anew while others use a token that it sees', async () => {
    const lease = await createSharedModule('a.so', addon).lease();
    lease.memoryOf('token').users += 1;
    expect(await lease.restart(lease.generation())).toBe(false);
    expect(lease.memoryOf('token').users).toBe(1);
    await lease.release();
  });
});
