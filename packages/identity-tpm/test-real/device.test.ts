import { X509Certificate, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { realPart, runCleanly, testWith } from '../../../tools/test-support/real-parts.js';
import { type FromTpmInit, type TpmIdentityProvider, fromTpm } from '../src/index.js';
import { startCuttingProxy } from './support/cutting-proxy.js';
import { startDeviceFile } from './support/device-file.js';
import { certify, makeAuthority, makeByOpenssl, makeByTools, makePersistent } from './support/make-keys.js';
import { type Swtpm, startSwtpm } from './support/start-swtpm.js';

const testTpm = testWith('REAL_TPM');
const PASSWORD = 'right';
const open: TpmIdentityProvider[] = [];
let tpm: Swtpm;
let certificatePem: string;

beforeAll(async () => {
  if (realPart('REAL_TPM') === undefined) return;
  tpm = await startSwtpm();
  await makeAuthority(tpm);
  await makeByOpenssl(tpm, 'key', { type: 'P-256', password: PASSWORD });
  await makeByTools(tpm, 'stored', { algorithm: 'ecc256', password: PASSWORD });
  await makePersistent(tpm, 'stored', '0x81000101');
  certificatePem = await certify(tpm, 'key');
  await certify(tpm, 'stored');
}, 60_000);

afterAll(async () => {
  await tpm?.stop();
});

beforeEach(async () => {
  if (realPart('REAL_TPM') !== undefined) await tpm.run('tpm2_dictionarylockout', '--clear-lockout');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((provider) => provider.close()));
  if (realPart('REAL_TPM') !== undefined) expect(await tpm.loaded()).toBe('');
});

function provide(init: Partial<FromTpmInit> = {}): TpmIdentityProvider {
  const files = { certificate: join(tpm.folder, 'key.crt'), privateKey: join(tpm.folder, 'key.pem') };
  const provider = fromTpm({ ...files, device: tpm.device, password: PASSWORD, ...init });
  open.push(provider);
  return provider;
}

function verifies(message: string, signature: Uint8Array): boolean {
  return verify('sha256', Buffer.from(message), new X509Certificate(certificatePem).publicKey, signature);
}

testTpm('makes signatures that openssl and tpm2_verifysignature accept', async () => {
  const { key } = await provide()();
  writeFileSync(join(tpm.folder, 'message'), 'a message');
  writeFileSync(join(tpm.folder, 'signature'), await key.sign(Buffer.from('a message')));
  await tpm.run('tpm2_loadexternal', '-Q', '-C', 'n', '-G', 'ecc', '-u', 'key.pub', '-c', 'public.ctx');
  const files = ['-m', 'message', '-s', 'signature', '-f', 'ecdsa'];
  await tpm.run('tpm2_verifysignature', '-Q', '-c', 'public.ctx', '-g', 'sha256', ...files);
  const verified = await tpm.run(
    'openssl',
    'dgst',
    '-sha256',
    '-verify',
    'key.pub',
    '-signature',
    'signature',
    'message',
  );
  expect(verified).toContain('Verified OK');
});

testTpm('tries a wrong password once, however often it is asked', async () => {
  const provider = provide({ password: 'wrong' });
  for (let count = 0; count < 5; count += 1)
    await expect(provider()).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  await Promise.allSettled(Array.from({ length: 20 }, () => provider()));
  expect(await tpm.wrongPasswords()).toBe(1);
});

testTpm('asks a function again after a wrong password, and tries none twice', async () => {
  const answers = ['wrong', 'wrong', 'wrong', PASSWORD];
  const asked: string[] = [];
  const password = async (): Promise<string> => {
    asked.push('asked');
    return answers.shift() ?? PASSWORD;
  };
  const provider = provide({ password });
  for (let count = 0; count < 3; count += 1)
    await expect(provider()).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  expect(await tpm.wrongPasswords()).toBe(1);
  const { key } = await provider();
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
  await provider();
  expect(asked).toHaveLength(4);
});

testTpm('leaves the last tries before the lockout to others', async () => {
  const limits = ['--max-tries=8', '--recovery-time=1000', '--lockout-recovery-time=1000'];
  await tpm.run('tpm2_dictionarylockout', '--setup-parameters', ...limits);
  try {
    for (let count = 0; count < 6; count += 1)
      await expect(provide({ password: `wrong ${count}` })()).rejects.toMatchObject({
        code: 'PASSPHRASE_WRONG',
      });
    const proven = await provide()();
    await expect(provide({ password: 'wrong 6' })()).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
    await expect(provide({ password: 'wrong 7' })()).rejects.toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringMatching(/7 of 8 wrong passwords.*--clear-lockout/),
    });
    expect(await tpm.wrongPasswords()).toBe(7);
    expect(verifies('m', await proven.key.sign(Buffer.from('m')))).toBe(true);
  } finally {
    limits[0] = '--max-tries=3';
    await tpm.run('tpm2_dictionarylockout', '--setup-parameters', ...limits);
  }
});

testTpm('takes a right password after a wrong one', async () => {
  await expect(provide({ password: 'wrong 1' })()).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  expect((await provide()()).certificate.keyAlgorithm).toBe('EC');
});

testTpm('leads no TPM into its lockout, however often a wrong password is started with', async () => {
  const codes: unknown[] = [];
  for (let count = 0; count < 6; count += 1)
    await provide({ password: `wrong ${count}` })().catch((error: { code: string }) =>
      codes.push(error.code),
    );
  // swtpm allows three tries, of which one is left to others.
  expect(codes.slice(0, 2)).toEqual(['PASSPHRASE_WRONG', 'PASSPHRASE_WRONG']);
  expect(new Set(codes.slice(2))).toEqual(new Set(['IDENTITY_UNAVAILABLE']));
  expect(await tpm.wrongPasswords()).toBe(2);
});

testTpm('goes on with a password that was right before, whatever others tried', async () => {
  const provider = provide();
  const { key } = await provider();
  for (let count = 0; count < 2; count += 1)
    await provide({ password: `wrong ${count}` })().catch(() => undefined);
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
  await expect(provide()()).rejects.toMatchObject({ message: expect.stringContaining('left to others') });
});

testTpm('tries every password where wrong ones are not counted', async () => {
  const limits = ['--max-tries=3', '--recovery-time=0', '--lockout-recovery-time=1000'];
  await tpm.run('tpm2_dictionarylockout', '--setup-parameters', ...limits);
  try {
    for (let count = 0; count < 4; count += 1)
      await expect(provide({ password: `wrong ${count}` })()).rejects.toMatchObject({
        code: 'PASSPHRASE_WRONG',
      });
    expect((await provide()()).certificate.keyAlgorithm).toBe('EC');
  } finally {
    limits[1] = '--recovery-time=1000';
    await tpm.run('tpm2_dictionarylockout', '--setup-parameters', ...limits);
  }
});

testTpm('names the dictionary lockout when the identity is read', async () => {
  writeFileSync(join(tpm.folder, 'message'), 'a message');
  const wrong = ['-c', '0x81000101', '-p', 'wrong', '-o', 'none', 'message'];
  for (let count = 0; count < 3; count += 1)
    await tpm.run('tpm2_sign', '-Q', ...wrong).catch(() => undefined);
  await expect(provide()()).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringMatching(/is in dictionary lockout \(TPM_RC_LOCKOUT, 0x921\).*--clear-lockout/),
  });
});

testTpm('names the dictionary lockout, and goes on signing when it is cleared', async () => {
  const { key } = await provide()();
  writeFileSync(join(tpm.folder, 'message'), 'a message');
  const wrong = ['-c', '0x81000101', '-p', 'wrong', '-o', 'none', 'message'];
  for (let count = 0; count < 3; count += 1)
    await tpm.run('tpm2_sign', '-Q', ...wrong).catch(() => undefined);
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({
    code: 'SIGNING_FAILED',
    message: expect.stringMatching(/TPM_RC_LOCKOUT \(0x921\).*dictionary lockout.*--clear-lockout/),
  });
  await tpm.run('tpm2_dictionarylockout', '--clear-lockout');
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
});

testTpm('wants a password for a key whose file says that it has one', async () => {
  await expect(provide({ password: undefined })()).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
  await expect(
    provide({
      password: undefined,
      privateKey: 'handle:0x81000101',
      certificate: join(tpm.folder, 'stored.crt'),
    })(),
  ).rejects.toMatchObject({ code: 'PASSPHRASE_REQUIRED' });
});

testTpm('takes a password that is too long for wrong without a try', async () => {
  const password = 'x'.repeat(33);
  await expect(provide({ password })()).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  expect(await tpm.wrongPasswords()).toBe(0);
});

testTpm('says that the TPM went away, and signs again when it is back', async () => {
  const provider = provide();
  const { key } = await provider();
  await tpm.kill();
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({
    code: 'SIGNING_FAILED',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  await tpm.start();
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
  expect((await provider()).key).toBe(key);
});

testTpm('ends every signature of a TPM that dies in the middle, and goes on when it is back', async () => {
  const { key } = await provide()();
  const all = Promise.allSettled(
    Array.from({ length: 200 }, (_, index) => key.sign(Buffer.from(`m${index}`))),
  );
  await key.sign(Buffer.from('one of them')).catch(() => undefined);
  await tpm.kill();
  const results = await all;
  for (const [index, result] of results.entries()) {
    if (result.status === 'fulfilled') expect(verifies(`m${index}`, result.value)).toBe(true);
    else expect(result.reason).toMatchObject({ code: 'SIGNING_FAILED' });
  }
  await tpm.start();
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
});

testTpm('names a TPM that does not answer in time, and flushes what it loaded after that', async () => {
  const provider = provide({ responseTimeoutMilliseconds: 200 });
  const { key } = await provider();
  tpm.signal('SIGSTOP');
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({
    code: 'SIGNING_FAILED',
    message: expect.stringContaining('no response within 200 ms'),
  });
  tpm.signal('SIGCONT');
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
});

for (const [name, code] of [
  ['making the parent', 0x131],
  ['loading', 0x157],
  ['saving its context', 0x162],
  ['signing', 0x15d],
  ['flushing', 0x165],
] as const) {
  testTpm(`flushes what a connection left that was lost while ${name}`, async () => {
    const proxy = await startCuttingProxy(tpm.device);
    try {
      const provider = provide({ device: proxy.device });
      proxy.cutAfter(code);
      await provider().catch(() => undefined);
      await provider();
      expect(proxy.commands.filter((one) => one === 0x17a).length).toBeGreaterThan(0);
    } finally {
      proxy.close();
    }
  });
}

testTpm('signs again by itself after a lost connection', async () => {
  const proxy = await startCuttingProxy(tpm.device);
  try {
    const { key } = await provide({ device: proxy.device })();
    proxy.cutAfter(0x15d);
    expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
  } finally {
    proxy.close();
  }
});

testTpm('loads a key once, and then only its context', async () => {
  const proxy = await startCuttingProxy(tpm.device);
  try {
    const provider = provide({ device: proxy.device });
    const { key } = await provider();
    const before = proxy.commands.length;
    await key.sign(Buffer.from('m'));
    await provider();
    expect(proxy.commands.slice(before)).toEqual([0x161, 0x15d, 0x165]);
    expect(proxy.commands.filter((code) => code === 0x157)).toHaveLength(1);
  } finally {
    proxy.close();
  }
});

testTpm('loads a key once for signatures that are asked for at the same time', async () => {
  const proxy = await startCuttingProxy(tpm.device);
  try {
    const { key } = await provide({ device: proxy.device })();
    const before = proxy.commands.length;
    await Promise.all(Array.from({ length: 50 }, () => key.sign(Buffer.from('m'))));
    expect(proxy.commands.slice(before).filter((code) => code !== 0x15d)).toEqual([0x161, 0x165]);
  } finally {
    proxy.close();
  }
});

testTpm('names the slots that others took', async () => {
  const other = await startSwtpm();
  try {
    await makeByOpenssl(other, 'key', { type: 'P-256' });
    await makeAuthority(other);
    await certify(other, 'key');
    const env = { TPM2TOOLS_TCTI: other.device.replace('unix:', 'swtpm:path=') };
    for (let count = 0; count < 3; count += 1)
      await runCleanly(['tpm2_createprimary', '-Q', '-C', 'o', '-G', 'ecc', '-c', `${count}`], {
        cwd: other.folder,
        env,
      });
    const files = { certificate: join(other.folder, 'key.crt'), privateKey: join(other.folder, 'key.pem') };
    await expect(fromTpm({ ...files, device: other.device })()).rejects.toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringMatching(/TPM_RC_OBJECT_MEMORY \(0x902\).*tpm2_flushcontext -t/),
    });
    expect((await other.loaded()).split('\n')).toHaveLength(3);
  } finally {
    await other.stop();
  }
});

testTpm('does not send a password to another key that was put to its handle', async () => {
  await makeByTools(tpm, 'moved', { algorithm: 'ecc256', password: PASSWORD });
  await makePersistent(tpm, 'moved', '0x81000102');
  await certify(tpm, 'moved');
  const moved = { certificate: join(tpm.folder, 'moved.crt'), privateKey: 'handle:0x81000102' };
  const { key } = await provide(moved)();
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', '0x81000102');
  await makeByTools(tpm, 'another', { algorithm: 'ecc256', password: 'another' });
  await makePersistent(tpm, 'another', '0x81000102');
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({ code: 'KEY_MISMATCH' });
  expect(await tpm.wrongPasswords()).toBe(0);
});

testTpm('tries a password that was changed once, however many signatures wait', async () => {
  await makeByTools(tpm, 'changed', { algorithm: 'ecc256', password: PASSWORD });
  await makePersistent(tpm, 'changed', '0x81000103');
  await certify(tpm, 'changed');
  const init = { certificate: join(tpm.folder, 'changed.crt'), privateKey: 'handle:0x81000103' };
  const { key } = await provide(init)();
  const parent = ['-C', 'changed.parent', '-u', 'changed.tpub'];
  const renewal = [
    '-C',
    'changed.parent',
    '-c',
    'changed.ctx',
    '-p',
    PASSWORD,
    '-r',
    'changed.tpriv',
    'other',
  ];
  await tpm.run('tpm2_changeauth', '-Q', ...renewal);
  await tpm.run('tpm2_load', '-Q', ...parent, '-r', 'changed.tpriv', '-c', 'changed.ctx');
  await tpm.run('tpm2_evictcontrol', '-Q', '-C', 'o', '-c', '0x81000103');
  await makePersistent(tpm, 'changed', '0x81000103');
  const signatures = Array.from({ length: 50 }, () => key.sign(Buffer.from('m')));
  const results = await Promise.allSettled([...signatures, key.sign(Buffer.from('m'))]);
  for (const result of results)
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'SIGNING_FAILED', cause: { code: 'PASSPHRASE_WRONG' } },
    });
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
  expect(await tpm.wrongPasswords()).toBe(1);
});

testTpm('shares the TPM with another source that signs at the same time', async () => {
  const sources = await Promise.all([provide()(), provide()(), provide()()]);
  const signatures = sources.flatMap(({ key }) =>
    Array.from({ length: 70 }, () => key.sign(Buffer.from('m'))),
  );
  const results = await Promise.all(signatures);
  expect(results.filter((signature) => verifies('m', signature))).toHaveLength(210);
});

testTpm('keeps the event loop free while it signs', async () => {
  const { key } = await provide()();
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
  }, 1);
  await Promise.all(Array.from({ length: 200 }, () => key.sign(Buffer.from('m'))));
  clearInterval(ticking);
  // Not a limit for a loaded machine, only that it works on between the signatures.
  expect(ticks).toBeGreaterThan(10);
});

testTpm('ends waiting signatures when it is closed, and leaves nothing', async () => {
  const provider = provide();
  const { key } = await provider();
  const all = Promise.allSettled(Array.from({ length: 200 }, () => key.sign(Buffer.from('m'))));
  await provider.close();
  for (const result of await all) {
    if (result.status === 'fulfilled') expect(verifies('m', result.value)).toBe(true);
    else expect(result.reason).toMatchObject({ code: 'SIGNING_FAILED' });
  }
});

testTpm('names a character device that does not answer in time, and goes on when it does', async () => {
  const device = await startDeviceFile(tpm);
  try {
    const { key } = await provide({ device: device.path, responseTimeoutMilliseconds: 300 })();
    tpm.signal('SIGSTOP');
    await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('no response within 300 ms'),
    });
    tpm.signal('SIGCONT');
    // What was asked before is answered to the file that was closed.
    await pause(100);
    expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
  } finally {
    tpm.signal('SIGCONT');
    await device.stop();
  }
});

testTpm('names a character device that went away, and uses it again when it is back', async () => {
  const device = await startDeviceFile(tpm);
  const { key } = await provide({ device: device.path })();
  await device.stop();
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({
    code: 'SIGNING_FAILED',
    message: expect.stringContaining('ENOENT'),
  });
  const again = await startDeviceFile(tpm);
  expect(verifies('m', await key.sign(Buffer.from('m')))).toBe(true);
  await again.stop();
});

testTpm('lets other programs use the TPM between signatures', async () => {
  const { key } = await provide()();
  await key.sign(Buffer.from('m'));
  expect(await tpm.run('tpm2_getrandom', '--hex', '4')).toMatch(/^[0-9a-f]{8}/);
});

testTpm('takes up a new key file', async () => {
  await makeByOpenssl(tpm, 'first', { type: 'P-256' });
  const files = { certificate: join(tpm.folder, 'first.crt'), privateKey: join(tpm.folder, 'first.pem') };
  await certify(tpm, 'first');
  const provider = provide({ ...files, password: undefined });
  const old = await provider();
  await makeByOpenssl(tpm, 'first', { type: 'RSA' });
  const renewed = await certify(tpm, 'first');
  const { key } = await provider();
  expect(key).not.toBe(old.key);
  expect(verify('sha256', Buffer.from('m'), renewed, await key.sign(Buffer.from('m')))).toBe(true);
});
