import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createMessageReader, frameMessage } from '../../src/grpc/message-reader.js';
import { WorkloadApiError } from '../../src/workload-api/workload-api-error.js';

/** Cut at the given places, in any order and number. */
function piecesOf(octets: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [
    0,
    ...cuts.map((cut) => cut % (octets.length + 1)).toSorted((a, b) => a - b),
    octets.length,
  ];
  return places.slice(1).map((place, index) => octets.subarray(places[index], place));
}

describe('messages', () => {
  test('come out as they were framed, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (messages, cuts) => {
          const reader = createMessageReader(40);
          const stream = Buffer.concat(messages.map(frameMessage));
          const read = piecesOf(stream, cuts).flatMap((piece) => reader.read(piece));
          expect(read).toEqual(messages);
          expect(reader.isInside()).toBe(false);
        },
      ),
    );
  });

  test('that are cut off are known to be', () => {
    const frame = frameMessage(Buffer.from('message'));
    for (let length = 1; length < frame.length; length += 1) {
      const reader = createMessageReader(100);
      expect(reader.read(frame.subarray(0, length))).toEqual([]);
      expect(reader.isInside()).toBe(true);
    }
  });

  test('are copies of what was received', () => {
    const frame = frameMessage(Buffer.from('message'));
    const [message] = createMessageReader(100).read(frame);
    frame.fill(0);
    expect(Buffer.from(message ?? []).toString()).toBe('message');
  });
});

describe('refused', () => {
  test('is a message above the limit, before its room is taken', () => {
    const reader = createMessageReader(10);
    expect(reader.read(frameMessage(new Uint8Array(10)))).toHaveLength(1);
    expect(() => reader.read(Buffer.from('00ffffffff', 'hex'))).toThrow(/announced a message of 4294967295/);
  });

  test('is a compressed message', () => {
    expect(() => createMessageReader(10).read(Buffer.from('0100000000', 'hex'))).toThrow(/compressed/);
  });

  test('is anything else with a typed error, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (pieces) => {
        expect(['read', 'refused']).toContain(outcome(pieces));
      }),
    );
  });
});

function outcome(pieces: readonly Uint8Array[]): 'read' | 'refused' {
  const reader = createMessageReader(1000);
  try {
    for (const piece of pieces) reader.read(piece);
    return 'read';
  } catch (error) {
    if (error instanceof WorkloadApiError) return 'refused';
    throw error;
  }
}
