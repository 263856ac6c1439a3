import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { realPart, testWith } from '../../../tools/test-support/real-parts.js';
import { fromTpm } from '../src/index.js';
import {
  STORAGE_KEY_OF_TCG,
  certify,
  encodeObject,
  makeAuthority,
  makeByOpenssl,
  makeByTools,
} from './support/make-keys.js';
import { takeSlots } from './support/recorded-cases.js';
import { signWith } from './support/sign-with.js';
import { type Swtpm, startSwtpm } from './support/start-swtpm.js';

const testTpm = testWith('REAL_TPM');
const others: Swtpm[] = [];
let tpm: Swtpm;

beforeAll(async () => {
  if (realPart('REAL_TPM') === undefined) return;
  tpm = await startSwtpm();
  await makeAuthority(tpm);
}, 60_000);

afterAll(async () => {
  await tpm?.stop();
});

afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
  if (realPart('REAL_TPM') !== undefined) expect(await tpm.loaded()).toBe('');
});

async function another(kind: 'unix' | 'tcp' | 'tcp6' = 'unix'): Promise<Swtpm> {
  const other = await startSwtpm(kind);
  others.push(other);
  await makeAuthority(other);
  return other;
}

testTpm('says what to do when nobody started the TPM', async () => {
  await makeByOpenssl(tpm, 'key', { type: 'P-256' });
  const other = await another();
  await other.kill();
  await other.start('not-need-init');
  await expect(signWith(tpm, 'key', { device: other.device })).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringMatching(/TPM_RC_INITIALIZE \(0x100\).*tpm2_startup -c/),
  });
  await other.tool('tpm2_startup', '-c');
  // Another TPM, but one that works.
  await expect(signWith(tpm, 'key', { device: other.device })).rejects.toMatchObject({
    message: expect.stringContaining('TPM_RC_INTEGRITY'),
  });
});

testTpm('says that a hierarchy is disabled', async () => {
  await makeByOpenssl(tpm, 'key', { type: 'P-256' });
  await tpm.run('tpm2_hierarchycontrol', '-C', 'p', 'shEnable', 'clear');
  await expect(signWith(tpm, 'key')).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringMatching(/TPM_RC_HIERARCHY.*Enable the hierarchy/),
  });
  await tpm.run('tpm2_hierarchycontrol', '-C', 'p', 'shEnable', 'set');
  expect(await signWith(tpm, 'key')).toBe(true);
});

testTpm('works over TCP with an IPv6 address', async () => {
  const other = await another('tcp6');
  await makeByOpenssl(other, 'key', { type: 'P-256' });
  expect(other.device).toMatch(/^tcp:\[::1\]:/);
  expect(await signWith(other, 'key')).toBe(true);
});

testTpm('says that the socket is that of the controls', async () => {
  await makeByOpenssl(tpm, 'key', { type: 'P-256' });
  await expect(signWith(tpm, 'key', { device: `${tpm.device}.ctrl` })).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining('not that of the controls'),
  });
});

testTpm('tries passwords of keys that the TPM does not count, also in its lockout', async () => {
  const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign|noda';
  await makeByTools(tpm, 'noda', { algorithm: 'ecc256', password: 'right', attributes });
  await encodeObject(tpm, 'noda');
  for (let count = 0; count < 5; count += 1)
    await expect(signWith(tpm, 'noda', { password: `wrong ${count}` })).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
      cause: expect.objectContaining({ message: expect.stringContaining('TPM_RC_BAD_AUTH') }),
    });
  expect(await signWith(tpm, 'noda', { password: 'right' })).toBe(true);
  expect(await tpm.wrongPasswords()).toBe(0);
});

testTpm('leaves the last tries of the password of a parent to others', async () => {
  await tpm.run('tpm2_createprimary', '-Q', '-C', 'o', '-G', 'ecc', '-p', 'secret', '-c', 'guarded.parent');
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'guarded.parent', '0x81000002');
  const parts = ['-u', 'below.tpub', '-r', 'below.tpriv'];
  const parent = ['-C', '0x81000002', '-P', 'secret'];
  const noda = ['-a', 'sign|userwithauth|sensitivedataorigin|fixedtpm|fixedparent|noda'];
  await tpm.run('tpm2_create', '-Q', ...parent, '-G', 'ecc256', ...parts, ...noda);
  await tpm.run('tpm2_encodeobject', ...parent, ...parts, '-o', 'below.pem');
  await tpm.run('tpm2_load', '-Q', ...parent, ...parts, '-c', 'below.ctx');
  await tpm.run('tpm2_readpublic', '-Q', '-c', 'below.ctx', '-f', 'pem', '-o', 'below.pub');
  const codes: unknown[] = [];
  for (let count = 0; count < 4; count += 1)
    await signWith(tpm, 'below', { parentPassword: `wrong ${count}` }).catch((error: { code: string }) =>
      codes.push(error.code),
    );
  expect(codes.slice(0, 2)).toEqual(['PASSPHRASE_WRONG', 'PASSPHRASE_WRONG']);
  expect(new Set(codes.slice(2))).toEqual(new Set(['IDENTITY_UNAVAILABLE']));
  expect(await tpm.wrongPasswords()).toBe(2);
  await tpm.run('tpm2_dictionarylockout', '--clear-lockout');
  expect(await signWith(tpm, 'below', { parentPassword: 'secret' })).toBe(true);
});

testTpm('names a persistent parent that is not there, or no parent', async () => {
  await tpm.run('tpm2_createprimary', '-Q', ...STORAGE_KEY_OF_TCG, '-c', 'srk.ctx');
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'srk.ctx', '0x81000005');
  await makeByOpenssl(tpm, 'orphan', { type: 'P-256', parent: '0x81000005' });
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', '0x81000005');
  await expect(signWith(tpm, 'orphan')).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringMatching(/the parent 0x81000005 of the key .*orphan\.pem.*TPM_RC_HANDLE/),
  });
  await makeByTools(tpm, 'leaf', { algorithm: 'ecc256' });
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', 'leaf.ctx', '0x81000005');
  await expect(signWith(tpm, 'orphan')).rejects.toMatchObject({
    code: 'PRIVATE_KEY_INVALID',
    message: expect.stringMatching(/the parent 0x81000005 .* is no storage key/),
  });
});

testTpm('waits for slots that others have for a moment', async () => {
  const other = await another();
  await makeByOpenssl(other, 'key', { type: 'P-256' });
  await certify(other, 'key');
  await takeSlots(other);
  const files = { certificate: join(other.folder, 'key.crt'), privateKey: join(other.folder, 'key.pem') };
  const provider = fromTpm({ ...files, device: other.device });
  const loading = provider();
  await pause(100);
  await other.tool('tpm2_flushcontext', '-t');
  expect((await loading).certificate.keyAlgorithm).toBe('EC');
  expect(await other.loaded()).toBe('');
});

testTpm('flushes its own key that processes left which were killed', async () => {
  const other = await another();
  await makeByTools(other, 'key', { algorithm: 'ecc256', parent: STORAGE_KEY_OF_TCG });
  await encodeObject(other, 'key');
  await certify(other, 'key');
  const parts = ['-C', 'key.parent', '-u', 'key.tpub', '-r', 'key.tpriv', '-c', 'left.ctx'];
  // tpm2_load loads the parent and the key, and like a process that is killed flushes neither.
  await other.tool('tpm2_load', '-Q', ...parts);
  await other.tool('tpm2_load', '-Q', ...parts).catch(() => undefined);
  expect((await other.loaded()).split('\n').length).toBeGreaterThanOrEqual(2);
  expect(await signWith(other, 'key')).toBe(true);
});

testTpm('lets another program use the TPM in the midst of many signatures', async () => {
  await makeByOpenssl(tpm, 'busy', { type: 'RSA' });
  await certify(tpm, 'busy');
  const files = { certificate: join(tpm.folder, 'busy.crt'), privateKey: join(tpm.folder, 'busy.pem') };
  const provider = fromTpm({ ...files, device: tpm.device });
  const { key } = await provider();
  const order: string[] = [];
  const signatures = Array.from({ length: 600 }, async () => {
    await key.sign(Buffer.from('m'));
    order.push('signature');
  });
  const random = tpm.tool('tpm2_getrandom', '--hex', '4').then(() => order.push('other'));
  await Promise.all([...signatures, random]);
  await provider.close();
  expect(order.indexOf('other')).toBeLessThan(600);
});

testTpm('takes a peer for no TPM that drops what it does not understand', async () => {
  // As the simulator of Microsoft does with a number that is no command of its protocol.
  const server = createServer((socket) => socket.once('data', () => socket.destroy()));
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  await new Promise<void>((resolve) => {
    server.listen(join(folder, 'sock'), resolve);
  });
  await makeByOpenssl(tpm, 'key', { type: 'P-256' });
  await expect(signWith(tpm, 'key', { device: `unix:${folder}/sock` })).rejects.toMatchObject({
    message: expect.stringMatching(/ended before the response.*mssim/),
  });
  server.close();
  rmSync(folder, { recursive: true });
});
