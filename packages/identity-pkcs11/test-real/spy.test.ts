import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { testWith, realPart } from '../../../tools/test-support/real-parts.js';
import { runScript } from './support/run-script.js';
import { MODULE, PIN, type SoftToken, makeAuthorities, makeSoftToken } from './support/soft-token.js';

const test = testWith('REAL_HSM');
const SPY = '/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so';

let token: SoftToken;
beforeAll(async () => {
  if (realPart('REAL_HSM') === undefined) return;
  token = makeSoftToken('spied', 'own');
  const { issuing } = await makeAuthorities();
  token.makeKey({ id: '01', type: 'EC:prime256v1' });
  token.putCertificate('01', token.certify('01', issuing));
});
afterAll(() => token?.remove());

/** The calls that a module got, in order, without those that only look. */
async function callsOf(body: string): Promise<readonly string[]> {
  const log = join(token.folder, 'spy.log');
  rmSync(log, { force: true });
  const uri = JSON.stringify(`${token.uri};id=%01`);
  const init = `{ certificate: ${uri}, module: ${JSON.stringify(SPY)}, pin: ${JSON.stringify(PIN)} }`;
  const run = await runScript(`const init = ${init};\n${body}`, {
    ...token.env,
    PKCS11SPY: MODULE,
    PKCS11SPY_OUTPUT: log,
  });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const names = [...readFileSync(log, 'utf8').matchAll(/^\d+: (C_\w+)$/gm)].map(([, name]) => String(name));
  return names.filter((name) => !/^C_(Get|Find)/.test(name));
}

describe('the module is called', () => {
  test('in the order of the standard, with one login, and one C_SignInit and C_Sign for each signature', async () => {
    const calls = await callsOf(`
      const provider = fromPkcs11(init);
      const [identity] = await Promise.all([provider(), provider()]);
      await provider();
      for (const text of ['a', 'b', 'c']) await identity.key.sign(Buffer.from(text));
      await provider.close();
      await provider.close();`);
    expect(calls).toEqual([
      'C_Initialize',
      'C_OpenSession',
      'C_Login',
      ...['a', 'b', 'c'].flatMap(() => ['C_SignInit', 'C_Sign']),
      'C_Logout',
      'C_CloseSession',
      'C_Finalize',
    ]);
  });

  test('with as many sessions as allowed and no more, all of which are closed', async () => {
    const calls = await callsOf(`
      const provider = fromPkcs11({ ...init, maxSessions: 3 });
      const { key } = await provider();
      await Promise.all(Array.from({ length: 50 }, (_, index) => key.sign(Buffer.from(String(index)))));
      await provider.close();`);
    const count = (name: string): number => calls.filter((call) => call === name).length;
    expect(
      ['C_OpenSession', 'C_CloseSession', 'C_SignInit', 'C_Sign', 'C_Login', 'C_Logout'].map(count),
    ).toEqual([3, 3, 50, 50, 1, 1]);
  });

  test('once to start and once to end, however many identities use it', async () => {
    const calls = await callsOf(`
      const [first, second] = [fromPkcs11(init), fromPkcs11(init)];
      await Promise.all([first(), second()]);
      await first.close();
      const { key } = await second();
      await key.sign(Buffer.from('still there'));
      await second.close();
      const third = fromPkcs11(init);
      await third();
      await third.close();`);
    const count = (name: string): number => calls.filter((call) => call === name).length;
    expect(['C_Initialize', 'C_Finalize', 'C_Logout'].map(count)).toEqual([2, 2, 2]);
    expect(calls.at(-1)).toBe('C_Finalize');
  });

  test('and started again when someone else in the process has shut it down', async () => {
    const calls = await callsOf(`
      const { createRequire } = await import('node:module');
      const pkcs11js = createRequire(${JSON.stringify(join(process.cwd(), 'packages/identity-pkcs11/package.json'))})('pkcs11js');
      const provider = fromPkcs11(init);
      const { key } = await provider();
      const other = new pkcs11js.PKCS11();
      other.load(init.module);
      other.C_Finalize();
      await Promise.all(Array.from({ length: 20 }, () => key.sign(Buffer.from('x'))));
      await provider();
      await provider.close();`);
    const count = (name: string): number => calls.filter((call) => call === name).length;
    expect(['C_Initialize', 'C_Finalize', 'C_Logout'].map(count)).toEqual([2, 2, 1]);
  });

  test('and left running, and logged in, when the application has started it', async () => {
    const calls = await callsOf(`
      const { createRequire } = await import('node:module');
      const pkcs11js = createRequire(${JSON.stringify(join(process.cwd(), 'packages/identity-pkcs11/package.json'))})('pkcs11js');
      const application = new pkcs11js.PKCS11();
      application.load(init.module);
      application.C_Initialize({ flags: 2 });
      const slot = application.C_GetSlotList(true).find((one) => application.C_GetTokenInfo(one).label.startsWith('spied'));
      const session = application.C_OpenSession(slot, 4);
      application.C_Login(session, 1, init.pin);
      const provider = fromPkcs11(init);
      await (await provider()).key.sign(Buffer.from('x'));
      await provider.close();
      application.C_FindObjectsInit(session, [{ type: 0, value: 3 }]);
      if (application.C_FindObjects(session, 9).length !== 1) process.exit(3);
      application.C_FindObjectsFinal(session);
      application.C_Finalize();`);
    const count = (name: string): number => calls.filter((call) => call === name).length;
    // Both try to start it, and both send the PIN, which the token takes once.
    expect(['C_Initialize', 'C_Finalize', 'C_Login', 'C_Logout'].map(count)).toEqual([2, 1, 2, 0]);
  });

  test('never again with a PIN that was refused', async () => {
    const calls = await callsOf(`
      const wrong = { ...init, pin: 'wrong' };
      const [first, second] = [fromPkcs11(wrong), fromPkcs11(wrong)];
      for (const provider of [first, first, second, first])
        await provider().then(() => process.exit(3), (error) => error.code === 'PASSPHRASE_WRONG' || process.exit(4));
      await Promise.all([first.close(), second.close()]);`);
    expect(calls.filter((call) => call === 'C_Login')).toHaveLength(1);
    expect(calls.filter((call) => call === 'C_OpenSession').length).toBe(
      calls.filter((call) => call === 'C_CloseSession').length,
    );
  });
});
