import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AddonThread, startAddonThread } from '../../src/module/addon-thread.js';
import { standInAddon } from '../support/stand-in-addon.js';

const { addon, folder } = standInAddon();
afterAll(() => rmSync(folder, { recursive: true }));

let thread: AddonThread;
beforeEach(() => {
  thread = startAddonThread(addon.path);
});
afterEach(() => thread.end());

const SESSION = new Uint8Array(8);

describe('a thread with the add-on', () => {
  test('answers what the module answers', async () => {
    const info = { manufacturerID: 'a', libraryDescription: 'b', libraryVersion: { major: 1, minor: 2 } };
    expect(await Promise.all([thread.run(['C_GetInfo']), thread.run(['C_GetInfo'])])).toEqual([info, info]);
  });

  test('names the function that failed, with its return value, and calls none after it', async () => {
    const run = thread.run(['C_SignAsync', SESSION, SESSION, SESSION], [['C_Logout', SESSION]]);
    await expect(run).rejects.toMatchObject({
      call: 'C_Logout',
      code: 0x101,
      symbol: 'CKR_USER_NOT_LOGGED_IN',
    });
  });

  test('gives the words of the system for a library that cannot be loaded', async () => {
    await expect(thread.run(['load', 'none.so'])).rejects.toThrow('none.so: cannot open');
  });

  test('takes the arguments as they are when it is called', async () => {
    const data = Uint8Array.of(1, 2, 3);
    const answer = thread.run(['C_SignAsync', SESSION, data, new Uint8Array(9)]);
    data.fill(0);
    expect(await answer).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('that ends by itself fails what was called, and says that it ended', async () => {
    const calls = [thread.run(['C_CloseSession', SESSION]), thread.run(['C_GetInfo'])];
    const results = await Promise.allSettled(calls);
    expect(results).toMatchObject([
      { reason: { call: 'C_CloseSession', symbol: 'CKR_GENERAL_ERROR' } },
      { reason: { call: 'C_GetInfo', symbol: 'CKR_GENERAL_ERROR' } },
    ]);
    await thread.ended;
  });

  test('whose add-on cannot be loaded gives the reason', async () => {
    const broken = startAddonThread(join(folder, 'none.cjs'));
    await expect(broken.run(['load', 'x.so'])).rejects.toThrow('Cannot find module');
  });
});
