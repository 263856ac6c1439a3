import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { TpmCommand } from '../../src/tpm/command.js';
import { encodeCommand } from '../../src/tpm/command.js';
import {
  contextLoad,
  contextSave,
  createPrimary,
  flushContext,
  importKey,
  load,
  readPublic,
  sign,
} from '../../src/tpm/commands.js';
import { properties, transientHandles } from '../../src/tpm/get-capability.js';
import { declaredSize, decodeResponse } from '../../src/tpm/response.js';
import { TpmError } from '../../src/tpm/tpm-error.js';
import { recordings } from '../support/recordings.js';

const none = new Uint8Array(0);
const COMMANDS: readonly TpmCommand<unknown>[] = [
  readPublic(0x81000001),
  createPrimary(0x40000001, none, none),
  load(0x81000001, none, { publicArea: none, privateArea: none }),
  importKey(0x81000001, none, { publicArea: none, privateArea: none, secret: none }),
  sign(0x80000000, none, { digest: none, scheme: 0x18, hash: 0xb }),
  flushContext(0x80000000),
  contextSave(0x80000000),
  contextLoad(none),
  transientHandles(),
  properties(0x20e, 3),
];
/** Its code, and of a question for what the TPM has, what is asked for. */
function kindOf(bytes: Buffer): string {
  const code = bytes.readUInt32BE(6);
  return code === 0x17a ? `${code} ${bytes.readUInt32BE(10)}` : `${code}`;
}
const byKind = new Map(COMMANDS.map((command) => [kindOf(Buffer.from(encodeCommand(command))), command]));

const answers = recordings()
  .flatMap(([, { exchanges }]) => exchanges)
  .map(({ command, response }) => ({
    command: byKind.get(kindOf(Buffer.from(command, 'hex'))),
    response: Buffer.from(response, 'hex'),
  }))
  .flatMap(({ command, response }) => (command === undefined ? [] : [{ command, response }]));

/** How the reading of bytes ends: `read`, or the failure of the TpmError; another error is thrown on. */
function outcome(bytes: Uint8Array, command: TpmCommand<unknown>): string {
  try {
    decodeResponse(bytes, command);
    return 'read';
  } catch (error) {
    if (error instanceof TpmError) return error.failure;
    throw error;
  }
}

test('reads every recorded response, or the refusal in it', () => {
  expect(answers.length).toBeGreaterThan(60);
  const outcomes = answers.map(({ command, response }) => outcome(response, command));
  expect(new Set(outcomes)).toEqual(new Set(['read', 'refused']));
});

test('finds every response damaged that is cut off', () => {
  for (const { command, response } of answers)
    for (let length = 0; length < response.length; length += 1)
      expect(outcome(response.subarray(0, length), command)).toBe('malformed');
});

test('finds a response damaged that is cut off and says so in its size', () => {
  // A context is not looked into: only the TPM can read it.
  const read = answers.filter(({ command: { name } }) => name !== 'TPM2_ContextSave');
  const shortened = read.flatMap(({ command, response }) =>
    Array.from({ length: response.length - 10 }, (_, cut) => {
      const shorter = Buffer.from(response.subarray(0, cut + 10));
      shorter.writeUInt32BE(shorter.length, 2);
      return outcome(shorter, command);
    }),
  );
  expect(new Set(shortened)).toEqual(new Set(['malformed']));
});

test('ends random bytes and changed responses in a TpmError or an answer', () => {
  const known = ['read', 'refused', 'malformed'];
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.uint8Array({ maxLength: 300 }), (command, bytes) => {
      expect(known).toContain(outcome(bytes, command));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...answers),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (answer, place, change) => {
        const bytes = Buffer.from(answer.response);
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ change;
        expect(known).toContain(outcome(bytes, answer.command));
      },
    ),
    { numRuns: 2000 },
  );
});

test('takes no size that a response cannot have', () => {
  const withSize = (size: number): Buffer => {
    const bytes = Buffer.from('80010000000000000000', 'hex');
    bytes.writeUInt32BE(size, 2);
    return bytes;
  };
  expect(declaredSize(withSize(4096))).toBe(4096);
  expect(declaredSize(withSize(10).subarray(0, 5))).toBeUndefined();
  for (const size of [0, 9, 4097, 0xffffffff])
    expect(() => declaredSize(withSize(size))).toThrow(/octets; 10 to 4096 are possible/);
});

test('encodes a password session as the standard has it', () => {
  const command = encodeCommand(
    sign(0x81000101, Buffer.from('pw'), { digest: Buffer.alloc(2, 7), scheme: 0x18, hash: 0xb }),
  );
  expect(Buffer.from(command).toString('hex')).toBe(
    [
      '8002',
      '0000002d',
      '0000015d',
      '81000101',
      '0000000b',
      '40000009',
      '0000',
      '00',
      '00027077',
      '00020707',
      '0018000b',
      '8024',
      '40000007',
      '0000',
    ].join(''),
  );
});
