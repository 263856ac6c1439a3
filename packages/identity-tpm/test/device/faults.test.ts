import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { fromTpm } from '../../src/index.js';
import { tpmProvider } from '../../src/from-tpm.js';
import { SYSTEM_TIMING } from '../../src/timing.js';
import { filesOf, recorded } from '../support/recordings.js';
import { type Reaction, startScriptedPeer } from '../support/scripted-peer.js';

const recording = recorded('handle-p256');
const answers = recording.exchanges.map(({ response }) => Buffer.from(response, 'hex'));
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function refusal(code: number): Buffer {
  const bytes = Buffer.from('80010000000a00000000', 'hex');
  bytes.writeUInt32BE(code, 6);
  return bytes;
}

async function failureWith(
  reaction: Reaction,
  options: { greet?: Uint8Array; limit?: number } = {},
): Promise<string> {
  const peer = await startScriptedPeer(() => reaction, options.greet);
  const { init, remove } = filesOf(recording);
  ends.push(() => peer.close(), remove);
  const responseTimeoutMilliseconds = options.limit ?? 5000;
  const provider = fromTpm({ ...init, device: peer.device, responseTimeoutMilliseconds });
  const error: unknown = await provider().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'IdentityError', code: 'IDENTITY_UNAVAILABLE' });
  expect(String(error)).toContain(peer.device);
  return String(error);
}

const LIES = [
  ['garbage', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'no TPM response (tag 0x4854)'],
  ['a size of four gigabytes', Buffer.from('8001ffffffff00000000', 'hex'), '4294967295 octets'],
  ['a size below that of a header', Buffer.from('80010000000000000000', 'hex'), '0 octets'],
  ['two responses', Buffer.concat([refusal(0x101), refusal(0x101)]), 'more than one response'],
  ['a response of a TPM 1.2', Buffer.from('00c40000000a0000001e', 'hex'), 'not a TPM 2.0'],
  ['an empty success', refusal(0), 'is damaged'],
] as const;

for (const [what, reaction, words] of LIES) {
  test(`refuses ${what}`, async () => {
    expect(await failureWith(reaction)).toContain(words);
  });
}

test('refuses what was sent before anything was asked', async () => {
  const greet = Buffer.alloc(20_000, 0x80);
  expect(await failureWith('silence', { greet })).toMatch(/nobody asked for|no TPM response|octets/);
});

test('says that the connection ended', async () => {
  expect(await failureWith('end')).toContain('the connection ended before the response was there');
});

test('waits no longer for a response than it was told', async () => {
  expect(await failureWith('silence', { limit: 50 })).toContain('no response within 50 ms');
});

test('waits no longer for the rest of a response than it was told', async () => {
  const half = answers[0]?.subarray(0, 50) ?? '';
  expect(await failureWith([Buffer.from(half)], { limit: 50 })).toContain('no response within 50 ms');
});

test('names an error in the middle as the TPM does', async () => {
  expect(await failureWith(refusal(0x101))).toMatch(
    /TPM2_ReadPublic: TPM_RC_FAILURE \(0x101\): the TPM is in failure mode/,
  );
});

test('does as a TPM says that wants its command again', async () => {
  let retries = 0;
  let place = 0;
  const peer = await startScriptedPeer(() => {
    if (retries < 3) {
      retries += 1;
      return refusal(0x922);
    }
    place += 1;
    return answers[place - 1] ?? 'end';
  });
  const { init, remove } = filesOf(recording);
  ends.push(() => peer.close(), remove);
  const pauses: number[] = [];
  const sleep = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  const provider = tpmProvider({ ...init, device: peer.device }, { ...SYSTEM_TIMING, sleep });
  await provider();
  expect(pauses).toEqual([20, 50, 100]);
  expect(new Set(peer.commands.slice(0, 4)).size).toBe(1);
});

for (const [symbol, code, times] of [
  ['TPM_RC_RETRY', 0x922, 9],
  ['TPM_RC_YIELDED', 0x908, 9],
  ['TPM_RC_TESTING', 0x90a, 9],
  ['TPM_RC_CANCELED', 0x909, 9],
  ['TPM_RC_NV_RATE', 0x920, 9],
  ['TPM_RC_NV_UNAVAILABLE', 0x923, 9],
  ['TSS2_BASE_RC_TRY_AGAIN', 0xc0009, 9],
  ['TPM_RC_CONTEXT_GAP', 0x901, 1],
  ['TPM_RC_INITIALIZE', 0x100, 1],
  ['TPM_RC_LOCKOUT', 0x921, 1],
  ['TPM_RC_OBJECT_MEMORY', 0x902, 8],
  ['TPM_RC_SESSION_MEMORY', 0x903, 8],
] as const) {
  test(`sends a command ${times === 1 ? 'once' : `${times} times at most`} to a TPM that always answers ${symbol}`, async () => {
    const peer = await startScriptedPeer(() => refusal(code));
    const { init, remove } = filesOf(recording);
    ends.push(() => peer.close(), remove);
    const timing = { ...SYSTEM_TIMING, sleep: async () => undefined };
    const provider = tpmProvider({ ...init, device: peer.device }, timing);
    await expect(provider()).rejects.toMatchObject({ message: expect.stringContaining(symbol) });
    expect(peer.commands).toHaveLength(times);
  });
}

test('never tries a password again after a connection that was lost', async () => {
  const peer = await startScriptedPeer((command, place) =>
    command.slice(12, 20) === '0000015d' ? 'end' : (answers[place] ?? 'end'),
  );
  const { init, remove } = filesOf(recording);
  ends.push(() => peer.close(), remove);
  const provider = fromTpm({ ...init, device: peer.device });
  await expect(provider()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
  expect(peer.commands.filter((command) => command.slice(12, 20) === '0000015d')).toHaveLength(1);
});

for (const [device, words] of [
  ['/dev/null', 'the connection ended'],
  ['/dev/zero', 'no TPM response (tag 0x0)'],
  ['/dev/full', 'ENOSPC'],
  ['/dev/no-such-tpm', 'does not exist (ENOENT)'],
  ['unix:/dev/null', 'ENOTSOCK|ECONNREFUSED'],
  ['tcp:127.0.0.1:1', 'nothing listens there'],
] as const) {
  test(`says what is wrong with ${device}`, async () => {
    const { init, remove } = filesOf(recording);
    ends.push(remove);
    await expect(fromTpm({ ...init, device })()).rejects.toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`TPM at ${device} .*(${words.replaceAll(/[()]/g, '.')})`)),
    });
  });
}

test('leaves a file untouched that is given as a device', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'device-'));
  const path = join(folder, 'precious');
  writeFileSync(path, 'precious');
  const { init, remove } = filesOf(recording);
  ends.push(remove, () => rmSync(folder, { recursive: true }));
  await expect(fromTpm({ ...init, device: path })()).rejects.toMatchObject({
    message: expect.stringContaining('no character device'),
  });
  expect(readFileSync(path, 'utf8')).toBe('precious');
});
