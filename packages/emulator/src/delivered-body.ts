import { setTimeout as sleep } from 'node:timers/promises';
import type { RawResponse } from './http.js';

const BLANKS = Buffer.alloc(65_536, ' ');

/**
 * The bytes of an answer's body as they are delivered, piece by piece.
 * Throws an error with the code `ECONNRESET` where the connection is cut.
 */
export async function* deliveredBody({ body, delivery }: RawResponse): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(body);
  if (delivery?.type === 'drip') {
    yield* drip(bytes, delivery.milliseconds);
  } else if (delivery?.type === 'truncated') {
    yield bytes.subarray(0, delivery.bytes);
    // Lets through what was written before the end comes.
    await sleep(1);
    throw connectionCut();
  } else {
    yield bytes;
    if (delivery?.type === 'huge') yield* blanks(delivery.bytes - bytes.length);
  }
}

/** The error of a connection that the other side has cut. */
export function connectionCut(): Error {
  return Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' });
}

async function* drip(bytes: Uint8Array, milliseconds: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 1) {
    await sleep(milliseconds);
    yield bytes.subarray(offset, offset + 1);
  }
}

function* blanks(count: number): Generator<Uint8Array> {
  for (let left = count; left > 0; left -= BLANKS.length) yield BLANKS.subarray(0, left);
}
