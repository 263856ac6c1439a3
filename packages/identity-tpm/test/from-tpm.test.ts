import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { type FromTpmInit, fromTpm } from '../src/index.js';
import { tpmProvider } from '../src/from-tpm.js';
import { SYSTEM_TIMING } from '../src/timing.js';
import { filesOf, recorded } from './support/recordings.js';
import { startScriptedPeer } from './support/scripted-peer.js';

const recording = recorded('key-file-p256');
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function start(name = 'key-file-p256') {
  const { exchanges } = recorded(name);
  const peer = await startScriptedPeer((command) => {
    const known = exchanges.find((exchange) => exchange.command === command);
    return known === undefined ? 'end' : Buffer.from(known.response, 'hex');
  });
  const { init, remove } = filesOf(recorded(name));
  ends.push(() => peer.close(), remove);
  return { peer, init: { ...init, device: peer.device } };
}

test('names every option that is wrong, at once and before anything is read', () => {
  // As a caller without types could.
  const init = {
    certificate: '',
    privateKey: 'handle:0x80000000',
    chain: 1,
    device: 'COM1',
    password: Buffer.from('secret'),
    parentPassword: 5,
    responseTimeoutMilliseconds: 0,
  } as unknown as FromTpmInit;
  expect(() => fromTpm(init)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(
        /certificate.*chain.*handle:0x81000000.*handle:0x81ffffff.*device.*`password`.*parentPassword.*responseTimeoutMilliseconds/,
      ),
    }),
  );
});

test('takes devices and handles in every form that is documented', () => {
  const files = { certificate: 'server.crt', privateKey: 'server.pem' };
  for (const device of [
    '/dev/tpmrm0',
    'unix:/run/tpm.sock',
    'unix:tpm.sock',
    'tcp:localhost:2321',
    'tcp:[::1]:2321',
  ])
    expect(fromTpm({ ...files, device })).toBeInstanceOf(Function);
  for (const privateKey of ['handle:0x81000001', 'handle:81000001', 'handle:0x81FFFFFF'])
    expect(fromTpm({ ...files, privateKey })).toBeInstanceOf(Function);
});

for (const device of [
  '',
  'unix:',
  'tcp:host',
  'tcp:host:0',
  'tcp:host:65536',
  'tcp:::1:2321',
  'tcp:[host]:2321',
  'swtpm:path=/x',
  'dev/tpm0',
]) {
  test(`refuses the device "${device}"`, () => {
    const files = { certificate: 'server.crt', privateKey: 'server.pem' };
    expect(() => fromTpm({ ...files, device })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
}

for (const [device, words] of [
  ['swtpm:path=/x', 'the socket of its `--server`'],
  ['mssim:host=localhost,port=2321', 'Microsoft simulator is not spoken'],
  ['tabrmd:bus_type=session', 'give /dev/tpmrm0'],
  ['device:/dev/tpm0', 'give the path alone'],
  ['tcp:::1:2321', 'IPv6 address in brackets'],
  [`unix:/${'x'.repeat(107)}`, '107 octets'],
  ['/dev/tpm\0rm0', 'absolute path'],
] as const) {
  test(`says what to give instead of the device ${JSON.stringify(device.slice(0, 20))}`, () => {
    const files = { certificate: 'server.crt', privateKey: 'server.pem' };
    expect(() => fromTpm({ ...files, device })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(words) }),
    );
  });
}

for (const privateKey of [
  'handle:',
  'handle:0x8100000',
  'handle:0x40000001',
  'handle:0x810000011',
  'handle:zz000001',
]) {
  test(`refuses the key "${privateKey}"`, () => {
    const init = { certificate: 'server.crt', privateKey };
    expect(() => fromTpm(init)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
}

test('asks the TPM nothing while the files are the same', async () => {
  const { peer, init } = await start();
  const provider = fromTpm(init);
  const first = await provider();
  const asked = peer.commands.length;
  const all = await Promise.all([provider(), provider(), provider()]);
  expect(all.every((identity) => identity === first)).toBe(true);
  expect(peer.commands).toHaveLength(asked);
});

test('reads the key once for calls at the same time', async () => {
  const { peer, init } = await start();
  const provider = fromTpm(init);
  const [first, second] = await Promise.all([provider(), provider()]);
  expect(second).toBe(first);
  expect(peer.commands.filter((command) => command.slice(12, 20) === '00000157')).toHaveLength(1);
});

test('gives the last good identity while the files are being replaced', async () => {
  const { init } = await start();
  const pauses: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  // It stands still: files are not read again for long, and this machine may be slow.
  const now = new Date();
  const provider = tpmProvider(init, { ...SYSTEM_TIMING, sleep, clock: () => now });
  const good = await provider();
  writeFileSync(init.privateKey, '-----BEGIN TSS2 PRIVATE KEY-----\nMII');
  expect(await provider()).toBe(good);
  expect(pauses).toEqual([15, 15, 15]);
  rmSync(init.certificate);
  expect(await provider()).toBe(good);
});

test('does not give an identity that has expired', async () => {
  const { init } = await start();
  let now = new Date();
  const provider = tpmProvider(init, { ...SYSTEM_TIMING, sleep: async () => undefined, clock: () => now });
  const { expiration } = await provider();
  rmSync(init.certificate);
  now = new Date(expiration.getTime() + 1000);
  await expect(provider()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
});

test('names files by their paths', async () => {
  const { init } = await start();
  const timing = { ...SYSTEM_TIMING, sleep: async () => undefined };
  writeFileSync(init.certificate, recorded('handle-rsa').certificate);
  await expect(tpmProvider(init, timing)()).rejects.toMatchObject({
    code: 'KEY_MISMATCH',
    message: expect.stringContaining(init.certificate),
  });
  writeFileSync(init.certificate, '');
  await expect(tpmProvider(init, timing)()).rejects.toMatchObject({
    code: 'CERTIFICATE_INVALID',
    message: expect.stringContaining(`${init.certificate} is empty`),
  });
  for (const path of ['/', '/dev/zero', '/no/such/file'])
    await expect(tpmProvider({ ...init, privateKey: path }, timing)()).rejects.toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`^${path} `)),
    });
});

test('reads a pipe, and ends with one into which nobody writes', async () => {
  const { init } = await start();
  const pipe = `${init.privateKey}.pipe`;
  execFileSync('mkfifo', [pipe]);
  await expect(fromTpm({ ...init, privateKey: pipe })()).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining(`${pipe} is a pipe into which nobody writes`),
  });
  const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', init.privateKey, pipe]);
  const ended = new Promise((resolve) => writer.once('exit', resolve));
  // What waits to write is let in by whoever opens the pipe to read.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await fromTpm({ ...init, privateKey: pipe })()).certificate.keyAlgorithm).toBe('EC');
  await ended;
});

test('shows no password in an error', async () => {
  const { peer, init } = await start('wrong-password');
  const { password } = recorded('wrong-password');
  const error: unknown = await fromTpm({ ...init, password })().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'PASSPHRASE_WRONG' });
  const shown = inspect(error, { depth: 20, maxArrayLength: Infinity, maxStringLength: Infinity });
  expect(shown).not.toContain(Buffer.from('wrong').toString('hex'));
  expect(peer.commands.at(-3)).toContain(Buffer.from('wrong').toString('hex'));
});

test('passes on what the function for the password fails with', async () => {
  const { init } = await start('key-file-p384');
  const password = async (): Promise<string> => {
    throw new Error('no terminal');
  };
  await expect(fromTpm({ ...init, password })()).rejects.toMatchObject({
    code: 'PASSPHRASE_REQUIRED',
    cause: expect.objectContaining({ message: 'no terminal' }),
  });
  // As a caller without types could.
  const number = (async () => 5) as unknown as () => Promise<string>;
  await expect(fromTpm({ ...init, password: number })()).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

test('can be closed before and after its use, and then refuses to go on', async () => {
  const { init, peer } = await start();
  const unused = fromTpm(init);
  await unused.close();
  await expect(unused()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
  const used = fromTpm(init);
  const { key } = await used();
  const asked = peer.commands.length;
  await used.close();
  await expect(key.sign(Buffer.from('m'))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
  await expect(used()).rejects.toMatchObject({ message: expect.stringContaining('was closed') });
  expect(peer.commands).toHaveLength(asked);
  expect(recording.result).toBe('signed');
});
