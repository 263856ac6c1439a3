import { afterEach, expect, test } from '@jest/globals';
import type { FromTpmInit, TpmIdentityProvider } from '../../src/index.js';
import { tpmProvider } from '../../src/from-tpm.js';
import { SYSTEM_TIMING } from '../../src/timing.js';
import { filesOf, recorded } from '../support/recordings.js';
import { type Reaction, type ScriptedPeer, startScriptedPeer } from '../support/scripted-peer.js';

const CODES = {
  createPrimary: '00000131',
  load: '00000157',
  sign: '0000015d',
  contextLoad: '00000161',
  contextSave: '00000162',
  flush: '00000165',
  readPublic: '00000173',
  getCapability: '0000017a',
} as const;
type CommandName = keyof typeof CODES;

const recording = recorded('key-file-p256');
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function nameOf(command: string): CommandName | undefined {
  const code = command.slice(12, 20);
  return Object.entries(CODES).find(([, known]) => known === code)?.[0] as CommandName | undefined;
}

/** The key has another handle when it comes from its file than when it comes from its context. */
function withoutHandle(command: string): string {
  return nameOf(command) === 'sign' || nameOf(command) === 'flush'
    ? command.slice(0, 20) + command.slice(28)
    : command;
}

function recordedAnswer(command: string): Reaction {
  const known = recording.exchanges.find(
    (exchange) => withoutHandle(exchange.command) === withoutHandle(command),
  );
  return known === undefined ? 'end' : Buffer.from(known.response, 'hex');
}

function refusal(code: number): Buffer {
  const bytes = Buffer.from('80010000000a00000000', 'hex');
  bytes.writeUInt32BE(code, 6);
  return bytes;
}

/** A peer that answers as recorded, but where `react` has something else to say. */
async function start(
  react: (name: CommandName | undefined, count: number, command: string) => Reaction | undefined,
  init: Partial<FromTpmInit> = {},
): Promise<{
  readonly peer: ScriptedPeer;
  readonly provider: TpmIdentityProvider;
  sent(): readonly (CommandName | undefined)[];
}> {
  const counts = new Map<CommandName | undefined, number>();
  const peer = await startScriptedPeer((command) => {
    const name = nameOf(command);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return react(name, counts.get(name) ?? 0, command) ?? recordedAnswer(command);
  });
  const { init: files, remove } = filesOf(recording);
  ends.push(() => peer.close(), remove);
  const timing = { ...SYSTEM_TIMING, sleep: async () => undefined };
  const provider = tpmProvider({ ...files, device: peer.device, ...init }, timing);
  return { peer, provider, sent: () => peer.commands.map(nameOf) };
}

const message = Buffer.from('first');
/** What TPM2_GetCapability is asked: handles, from the first of transient objects on. */
const TRANSIENT_HANDLES = '0000000180000000';
const NOTHING_LOADED = Buffer.from('80010000001300000000000000000100000000', 'hex');

test('waits for a slot, and flushes what a process with its key may have left', async () => {
  const { provider, peer, sent } = await start((name, count, command) => {
    if (name === 'getCapability' && command.includes(TRANSIENT_HANDLES)) return NOTHING_LOADED;
    return name === 'load' && count <= 3 ? refusal(0x902) : undefined;
  });
  const { key } = await provider();
  await key.sign(message);
  expect(sent().filter((name) => name === 'load')).toHaveLength(4);
  expect(peer.commands.filter((command) => command.slice(20).startsWith(TRANSIENT_HANDLES))).toHaveLength(3);
  expect(sent().filter((name) => name === 'flush')).toHaveLength(4 + 2);
});

test('loads the file again when the TPM was reset and refuses its context', async () => {
  const { provider, sent } = await start((name) => (name === 'contextLoad' ? refusal(0x1df) : undefined));
  const { key } = await provider();
  await key.sign(message);
  expect(sent().filter((name) => name === 'load')).toHaveLength(2);
});

test('does not load the file again when the context is refused for want of a slot', async () => {
  const { provider, sent } = await start((name, _count, command) => {
    if (name === 'getCapability' && command.includes(TRANSIENT_HANDLES)) return NOTHING_LOADED;
    return name === 'contextLoad' ? refusal(0x902) : undefined;
  });
  const { key } = await provider();
  await expect(key.sign(message)).rejects.toMatchObject({
    message: expect.stringContaining('TPM_RC_OBJECT_MEMORY'),
  });
  expect(sent().filter((name) => name === 'load')).toHaveLength(1);
});

test('loads the file every time where contexts are not let through', async () => {
  const { provider, sent } = await start((name) => (name === 'contextSave' ? refusal(0xb0143) : undefined));
  const { key } = await provider();
  await key.sign(message);
  expect(sent().filter((name) => name === 'contextLoad')).toHaveLength(0);
  expect(sent().filter((name) => name === 'flush')).toHaveLength(4);
});

test('signs where nobody tells the counter of wrong passwords', async () => {
  const { provider, sent } = await start((name) => (name === 'getCapability' ? refusal(0x143) : undefined));
  await provider();
  expect(sent()).toContain('sign');
});

test('flushes what it loaded when the signature is refused', async () => {
  const { provider, sent } = await start((name) => (name === 'sign' ? refusal(0x2d2) : undefined));
  await expect(provider()).rejects.toMatchObject({
    code: 'KEY_UNSUPPORTED',
    message: expect.stringContaining('TPM_RC_SCHEME (0x2d2, parameter 2)'),
  });
  expect(sent().slice(-2)).toEqual(['flush', 'flush']);
});

test('flushes by its name what a lost connection left, and nothing else', async () => {
  // Two objects are loaded; the key is the second, the first is somebody else's.
  const handles = Buffer.from('80010000001b00000000000000000100000002800000018000000200', 'hex').subarray(
    0,
    27,
  );
  const loaded = recording.exchanges.find(({ command }) => nameOf(command) === 'load')?.response ?? '';
  const keyName = Buffer.from(loaded, 'hex').subarray(20, 54);
  const named = (name: Buffer): Buffer => {
    const body = Buffer.concat([
      Buffer.from('00020000', 'hex'),
      Buffer.of(0, name.length),
      name,
      Buffer.of(0, 0),
    ]);
    const head = Buffer.from('80010000000000000000', 'hex');
    head.writeUInt32BE(10 + body.length, 2);
    return Buffer.concat([head, body]);
  };
  let isCut = false;
  const { provider, peer, sent } = await start((name, count) => {
    if (name === 'flush' && !isCut) {
      isCut = true;
      return 'end';
    }
    if (name === 'getCapability' && count === 2) return handles;
    if (name === 'readPublic') return named(count === 1 ? Buffer.alloc(34, 7) : keyName);
    return undefined;
  });
  const { key } = await provider();
  const before = sent().length;
  await key.sign(message).catch(() => undefined);
  expect(sent().slice(before, before + 4)).toEqual(['getCapability', 'readPublic', 'readPublic', 'flush']);
  expect(peer.commands[before + 3]?.slice(20)).toBe('80000002');
});

for (const [options, code, words] of [
  [{}, 'PASSPHRASE_REQUIRED', 'Set `parentPassword`'],
  [{ parentPassword: 'wrong' }, 'PASSPHRASE_WRONG', '`parentPassword`'],
] as const) {
  test(`tries the password of a parent once: ${code}`, async () => {
    const { provider, sent } = await start(
      (name) => (name === 'createPrimary' ? refusal(0x9a2) : undefined),
      options,
    );
    for (let count = 0; count < 3; count += 1)
      await expect(provider()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(sent()).toEqual(['getCapability', 'createPrimary']);
  });
}

test('tries the next storage key where a TPM has no elliptic curves', async () => {
  const { provider, sent } = await start((name) => (name === 'createPrimary' ? refusal(0x2e6) : undefined));
  await expect(provider()).rejects.toMatchObject({
    code: 'KEY_UNSUPPORTED',
    message: expect.stringContaining('TPM_RC_CURVE'),
  });
  expect(sent().filter((name) => name === 'createPrimary')).toHaveLength(6);
});

test('refuses a TPM that loads another key than it was given', async () => {
  const loaded = recording.exchanges.find(({ command }) => nameOf(command) === 'load')?.response ?? '';
  const other = Buffer.from(loaded, 'hex');
  other[40] = (other[40] ?? 0) ^ 1;
  const { provider } = await start((name) => (name === 'load' ? other : undefined));
  await expect(provider()).rejects.toMatchObject({
    code: 'IDENTITY_UNAVAILABLE',
    message: expect.stringContaining('another key'),
  });
});
