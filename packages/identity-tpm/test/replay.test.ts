import { X509Certificate, verify } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { tpmProvider } from '../src/from-tpm.js';
import { SYSTEM_TIMING } from '../src/timing.js';
import { MESSAGES, type Recording, filesOf, recorded, recordings } from './support/recordings.js';
import { type ScriptedPeer, startScriptedPeer } from './support/scripted-peer.js';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Answers as the TPM did, as long as it is asked what the TPM was asked. */
async function replay(recording: Recording): Promise<ScriptedPeer> {
  const peer = await startScriptedPeer((command, place) => {
    const exchange = recording.exchanges[place];
    return exchange?.command === command ? Buffer.from(exchange.response, 'hex') : 'end';
  });
  ends.push(() => peer.close());
  return peer;
}

async function run(recording: Recording, device: string): Promise<string> {
  const { init, remove } = filesOf(recording);
  ends.push(remove);
  // What is waited for is not recorded.
  const timing = { ...SYSTEM_TIMING, sleep: async () => undefined };
  const provider = tpmProvider({ ...init, device }, timing);
  try {
    const { key } = await provider();
    const { publicKey } = new X509Certificate(recording.certificate);
    for (const message of MESSAGES) {
      const isRight = verify('sha256', Buffer.from(message), publicKey, await key.sign(Buffer.from(message)));
      if (!isRight) return 'a wrong signature';
    }
    return 'signed';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await provider.close();
  }
}

for (const [name, recording] of recordings()) {
  test(`sends the recorded commands and reads the recorded answers of ${name}: ${recording.title}`, async () => {
    const peer = await replay(recording);
    expect(await run(recording, peer.device)).toBe(recording.result);
    expect(peer.commands).toEqual(recording.exchanges.map(({ command }) => command));
  });
}

test('flushes everything that it loaded', () => {
  for (const [, { exchanges }] of recordings()) {
    const codes = exchanges.filter(({ response }) => response.slice(12, 20) === '00000000');
    const count = (...wanted: readonly string[]) =>
      codes.filter(({ command }) => wanted.includes(command.slice(12, 20))).length;
    expect(count('00000165')).toBe(count('00000131', '00000157', '00000161'));
  }
});

test('takes a response that arrives octet by octet', async () => {
  const recording = recorded('handle-p256');
  const peer = await startScriptedPeer((_command, place) =>
    Array.from(Buffer.from(recording.exchanges[place]?.response ?? '', 'hex'), (octet) =>
      Uint8Array.of(octet),
    ),
  );
  ends.push(() => peer.close());
  expect(await run(recording, peer.device)).toBe('signed');
});

/** One octet is another, or what follows is missing. */
const LIES = [
  (honest: Buffer, place: number): Buffer => {
    const lie = Buffer.from(honest);
    lie[place] = (lie[place] ?? 0) ^ 0x55;
    return lie;
  },
  (honest: Buffer, place: number): Buffer => {
    const lie = honest.subarray(0, place);
    if (lie.length >= 6) lie.writeUInt32BE(lie.length, 2);
    return lie;
  },
] as const;

for (const name of ['handle-p256', 'key-file-p256', 'importable', 'persistent-parent'])
  test(`ends every lie of a TPM in a typed error: ${name}`, async () => {
    const recording = recorded(name);
    const codes = new Set<string>();
    for (const [place, { response }] of recording.exchanges.entries()) {
      const honest = Buffer.from(response, 'hex');
      for (let octet = 6; octet < honest.length; octet += name === 'handle-p256' ? 7 : 31) {
        for (const change of LIES) {
          const lie = change(Buffer.from(honest), octet);
          const peer = await startScriptedPeer((_command, at) => {
            const told = recording.exchanges[at];
            if (at === place) return lie;
            // A lie can lead to more questions than were recorded.
            return told === undefined ? 'end' : Buffer.from(told.response, 'hex');
          });
          codes.add(await run(recording, peer.device));
          peer.close();
        }
      }
    }
    // A lie about something that is not looked at, such as the qualified name, does no harm.
    const known = new Set([
      'IDENTITY_UNAVAILABLE',
      'KEY_UNSUPPORTED',
      'KEY_MISMATCH',
      'SIGNING_FAILED',
      'PRIVATE_KEY_INVALID',
      'signed',
      'a wrong signature',
    ]);
    expect([...codes].filter((code) => !known.has(code))).toEqual([]);
  }, 60_000);
