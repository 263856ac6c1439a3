import { X509Certificate, verify } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { runScript } from './support/run-script.js';
import { MODULE, PIN, type SoftToken, makeAuthorities, makeSoftToken } from './support/soft-token.js';
import { buildStrangeModule } from './support/strange-module.js';

const test = testWith('REAL_HSM');
const KEYS = { '01': 'rsa:2048', '02': 'EC:prime256v1', '03': 'EC:secp384r1', '04': 'EC:secp521r1' };

let token: SoftToken;
let strange: string;
const certificates = new Map<string, string>();

beforeAll(async () => {
  if (realPart('REAL_HSM') === undefined) return;
  token = makeSoftToken('strange', 'own');
  strange = buildStrangeModule(token.folder);
  const { issuing } = await makeAuthorities();
  for (const [id, type] of Object.entries(KEYS)) {
    token.makeKey({ id, type });
    const pem = token.certify(id, issuing);
    token.putCertificate(id, pem, `key ${id}`);
    certificates.set(id, pem);
  }
}, 60_000);
afterAll(() => token?.remove());

type Env = Readonly<Record<string, string>>;

/** What a script prints as JSON that has `open(init)`, which opens the module before SoftHSM. */
async function printedBy(body: string, env: Env): Promise<unknown> {
  const init = { module: strange, pin: PIN };
  const script = `
    const printed = [];
    const open = (init) => fromPkcs11({ ...${JSON.stringify(init)}, ...init });
    const settled = (promise) => promise.then(() => 'done', (error) => error.code + ' ' + error.message);
    ${body}
    console.log(JSON.stringify(printed));`;
  const run = await runScript(script, { ...token.env, STRANGE_MODULE: MODULE, ...env });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return JSON.parse(run.stdout);
}

/** Whether a key signs rightly through the strange module, found by the label of its certificate. */
async function signsBy(id: string, env: Env): Promise<unknown> {
  const printed = await printedBy(
    `const provider = open({ certificate: '${token.uri};object=key%20${id}' });
     const { key } = await provider();
     printed.push(Buffer.from(await key.sign(Buffer.from('a message'))).toString('base64'));
     await provider.close();`,
    env,
  );
  // Our script printed one text.
  const [signature] = printed as [string];
  const { publicKey } = new X509Certificate(certificates.get(id) ?? '');
  return verify('sha256', Buffer.from('a message'), publicKey, Buffer.from(signature, 'base64'));
}

describe('a module signs', () => {
  test.each([
    ['P-256 as DER', '02', { STRANGE_DER: '1' }],
    ['P-384 as DER', '03', { STRANGE_DER: '1' }],
    ['P-521 as DER', '04', { STRANGE_DER: '1' }],
    ['EC with no mechanism but CKM_ECDSA_SHA256', '02', { STRANGE_MECHANISMS: '0x1044' }],
    ['RSA with no mechanism but CKM_RSA_PKCS', '01', { STRANGE_MECHANISMS: '0x1' }],
    ['RSA with no mechanism but CKM_SHA256_RSA_PKCS', '01', { STRANGE_MECHANISMS: '0x40' }],
    ['RSA with a CKM_SHA256_RSA_PKCS that is listed and fails', '01', { STRANGE_BROKEN: '0x40' }],
    ['RSA with a certificate that has no id', '01', { STRANGE_NO_ID: '1' }],
    [
      'EC with a certificate that has no id, and a padded label',
      '04',
      { STRANGE_NO_ID: '1', STRANGE_PADDED: '1' },
    ],
    ['EC with bare points', '03', { STRANGE_NO_ID: '1', STRANGE_PADDED: '1', STRANGE_BARE: '1' }],
    ['with 10,000 other certificates that are empty', '02', { STRANGE_OBJECTS: '10000' }],
    [
      'with certificates of 10 MB that are garbage',
      '02',
      { STRANGE_OBJECTS: '20', STRANGE_GARBAGE: '10000000' },
    ],
    [
      'with certificates that claim to be larger than the memory',
      '02',
      { STRANGE_OBJECTS: '3', STRANGE_GARBAGE: '1000000000000000000' },
    ],
    ['with certificates that are garbage', '02', { STRANGE_OBJECTS: '20', STRANGE_GARBAGE: '500' }],
  ])('%s', async (_, id, env) => {
    expect(await signsBy(id, env)).toBe(true);
  });

  test('not by any mechanism, and says so', async () => {
    const printed = await printedBy(
      `const provider = open({ certificate: '${token.uri};id=%01' });
       const { key } = await provider();
       printed.push(await settled(key.sign(Buffer.from('x'))));
       await provider.close();`,
      { STRANGE_BROKEN: '0x40,0x1' },
    );
    expect(String(printed)).toContain('SIGNING_FAILED');
    expect(String(printed)).toContain('C_Sign answered CKR_FUNCTION_FAILED (0x6)');
  });
});

describe('a slow module', () => {
  const SLOW =
    'C_Initialize=150,C_GetSlotList=150,C_OpenSession=150,C_Login=300,C_FindObjectsInit=150,C_Sign=150';

  test('never holds the event loop: not when it starts, logs in or searches', async () => {
    const printed = await printedBy(
      `let turns = 0;
       const timer = setInterval(() => { turns += 1; }, 5);
       const turnsIn = async (work) => { const before = turns; await work(); return turns - before; };
       const provider = open({ certificate: '${token.uri};id=%02' });
       let key;
       printed.push(await turnsIn(async () => ({ key } = await provider())) > 40);
       printed.push(await turnsIn(() => key.sign(Buffer.from('x'))) > 10);
       printed.push(await turnsIn(provider) > 10);
       clearInterval(timer);
       await provider.close();`,
      { STRANGE_SLOW: SLOW },
    );
    expect(printed).toEqual([true, true, true]);
  });

  test('meets the total time-out of the credentials, and serves the next call', async () => {
    const provider = join(process.cwd(), 'packages', 'credential-provider', 'dist', 'esm', 'index.node.js');
    const arn = (kind: string): string => `arn:aws:rolesanywhere:eu-central-1:123456789012:${kind}/a`;
    const printed = await printedBy(
      `const { fromRolesAnywhere } = await import(${JSON.stringify(provider)});
       const identity = open({ certificate: '${token.uri};id=%02' });
       const credentials = fromRolesAnywhere({
         trustAnchorArn: '${arn('trust-anchor')}', profileArn: '${arn('profile')}',
         roleArn: 'arn:aws:iam::123456789012:role/a', identity, totalTimeoutMilliseconds: 200 });
       let isLoaded = false;
       const loading = identity().then(() => { isLoaded = true; });
       const outcome = await settled(credentials());
       printed.push(outcome.split(' ')[0], isLoaded);
       await loading;
       printed.push(await settled((await identity()).key.sign(Buffer.from('x'))));
       await identity.close();`,
      { STRANGE_SLOW: 'C_Login=1500' },
    );
    expect(printed).toEqual(['TIMED_OUT', false, 'done']);
  });

  test('does not hold up another module', async () => {
    const printed = await printedBy(
      `const [slow, quick] = [open({ certificate: '${token.uri};id=%02' }), open({ certificate: '${token.uri};id=%01', module: '${MODULE}' })];
       const order = [];
       await Promise.all([slow().then(() => order.push('slow')), quick().then(() => order.push('quick'))]);
       printed.push(...order);
       await Promise.all([slow.close(), quick.close()]);`,
      { STRANGE_SLOW: 'C_Initialize=1500' },
    );
    expect(printed).toEqual(['quick', 'slow']);
  });

  test('keeps a process open while it works, and not afterwards', async () => {
    const printed = await printedBy(
      `const { key } = await open({ certificate: '${token.uri};id=%02' })();
       printed.push((await key.sign(Buffer.from('x'))).length > 60);`,
      { STRANGE_SLOW: 'C_Login=300' },
    );
    expect(printed).toEqual([true]);
  });
});

describe('the PIN', () => {
  async function callsIn(body: string, env: Env): Promise<{ printed: unknown; logins: number }> {
    const log = join(token.folder, 'calls.log');
    rmSync(log, { force: true });
    const printed = await printedBy(body, { ...env, STRANGE_LOG: log });
    return { printed, logins: readFileSync(log, 'utf8').match(/^C_Login$/gm)?.length ?? 0 };
  }

  test('that is wrong is sent once, also when many identities log in at the same time', async () => {
    const { printed, logins } = await callsIn(
      `const providers = Array.from({ length: 8 }, () => open({ certificate: '${token.uri};id=%02', pin: 'wrong' }));
       const outcomes = await Promise.all(providers.map((provider) => settled(provider())));
       printed.push([...new Set(outcomes.map((text) => text.split(' ')[0]))]);
       await Promise.all(providers.map((provider) => provider.close()));`,
      { STRANGE_SLOW: 'C_Login=50' },
    );
    expect({ printed, logins }).toEqual({ printed: [['PASSPHRASE_WRONG']], logins: 1 });
  });

  test('that is wrong is sent once also by two copies of this package in one process', async () => {
    const copy = join(process.cwd(), 'packages', 'identity-pkcs11', 'dist', 'cjs', 'index.cjs');
    const { printed, logins } = await callsIn(
      `const { createRequire } = await import('node:module');
       const other = createRequire(import.meta.url)(${JSON.stringify(copy)});
       const init = { certificate: '${token.uri};id=%02', module: '${strange}' };
       for (const pin of ['wrong', '${PIN}'])
         for (const make of [fromPkcs11, other.fromPkcs11]) {
           const provider = make({ ...init, pin });
           printed.push((await settled(provider())).split(' ')[0]);
           await provider.close();
         }`,
      {},
    );
    expect(printed).toEqual(['PASSPHRASE_WRONG', 'PASSPHRASE_WRONG', 'done', 'done']);
    expect(logins).toBe(3);
  });

  test('that is wrong is named also by the copy of this package that did not load the module', async () => {
    const copy = join(process.cwd(), 'packages', 'identity-pkcs11', 'dist', 'cjs', 'index.cjs');
    const { printed } = await callsIn(
      `const { createRequire } = await import('node:module');
       const other = createRequire(import.meta.url)(${JSON.stringify(copy)});
       const init = { certificate: '${token.uri};id=%02', module: '${strange}' };
       await fromPkcs11({ ...init, certificate: 'pkcs11:token=none' })().catch(() => {});
       printed.push(await settled(other.fromPkcs11({ ...init, pin: 'wrong' })()));`,
      {},
    );
    expect(String(printed)).toMatch(/^PASSPHRASE_WRONG .* C_Login answered CKR_PIN_INCORRECT/);
  });

  test('is not sent when the token has one try left', async () => {
    const { printed, logins } = await callsIn(
      `const provider = open({ certificate: '${token.uri};id=%02' });
       printed.push(await settled(provider()));
       await provider.close();`,
      { STRANGE_FLAGS: '0x20000' },
    );
    expect(String(printed)).toContain('one wrong PIN more would lock the token');
    expect(logins).toBe(0);
  });

  test('is sent when the token counts a wrong one, as long as it is not the last try', async () => {
    const { printed, logins } = await callsIn(
      `const provider = open({ certificate: '${token.uri};id=%02' });
       printed.push(await settled(provider()));
       await provider.close();`,
      { STRANGE_FLAGS: '0x10000' },
    );
    expect({ printed, logins }).toEqual({ printed: ['done'], logins: 1 });
  });

  test('is typed at a keypad, where the reader has one', async () => {
    const { printed, logins } = await callsIn(
      `const provider = open({ certificate: '${token.uri};id=%02', pin: undefined });
       const { key } = await provider();
       printed.push(await settled(key.sign(Buffer.from('x'))));
       await provider.close();`,
      { STRANGE_FLAGS: '0x100', STRANGE_KEYPAD_PIN: PIN },
    );
    expect({ printed, logins }).toEqual({ printed: ['done'], logins: 1 });
  });

  test('stays good for one identity while another one logs out', async () => {
    const { printed } = await callsIn(
      `const make = () => open({ certificate: '${token.uri};id=%02' });
       const stays = make();
       const { key } = await stays();
       for (let count = 0; count < 5; count += 1) {
         const goes = make();
         await goes();
         const [outcome] = await Promise.all([settled(key.sign(Buffer.from('x'))), goes.close()]);
         printed.push(outcome);
       }
       await stays.close();
       const [last, next] = [make(), make()];
       await last();
       printed.push((await Promise.all([settled(last.close()), settled(next())])).join());
       printed.push(await settled((await next()).key.sign(Buffer.from('x'))));
       await next.close();`,
      { STRANGE_SLOW: 'C_Login=20,C_Logout=20' },
    );
    expect(printed).toEqual([...Array.from({ length: 5 }, () => 'done'), 'done,done', 'done']);
  });

  test('that is locked is named', async () => {
    const { printed, logins } = await callsIn(
      `const provider = open({ certificate: '${token.uri};id=%02' });
       printed.push(await settled(provider()), await settled(provider()));
       await provider.close();`,
      { STRANGE_FAIL: 'C_Login=0xa4' },
    );
    expect(String(printed)).toContain('C_Login answered CKR_PIN_LOCKED (0xa4)');
    expect(logins).toBeLessThanOrEqual(2);
  });
});

describe('a module that does not start', () => {
  test('is named with what it answers', async () => {
    const printed = await printedBy(
      `const provider = open({ certificate: '${token.uri};id=%02' });
       printed.push(await settled(provider()));
       await provider.close();`,
      { STRANGE_FAIL: 'C_Initialize=0x5' },
    );
    expect(String(printed)).toContain('does not start: C_Initialize answered CKR_GENERAL_ERROR');
  });
});
