import type { Sleep } from './sleep.js';

const PAUSE_MILLISECONDS = 20;

/** How long a pipe may have no writer, and how long its writers may be silent, all silences together. */
const NO_WRITER_MILLISECONDS = 500;
const SILENT_WRITER_MILLISECONDS = 10_000;

/**
 * Reads a pipe that was opened without blocking to its end, which is where its last writer has gone, or one byte further
 * than is allowed.
 * @param read - fills a buffer and tells how many bytes there were: 0 when there is no writer; rejects with `EAGAIN` when
 *   there is one that has written nothing
 * @throws an error with code `SILENT_PIPE` when nobody writes within half a second, or the writers were silent for ten seconds
 */
export async function readPipe(
  read: (buffer: Uint8Array) => Promise<number>,
  options: { readonly maximumBytes: number; readonly sleep: Sleep },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(options.maximumBytes + 1);
  let length = 0;
  let waited = 0;
  while (length < bytes.length) {
    const count = await read(bytes.subarray(length)).catch(asSilence);
    if (count === 0 && length > 0) break;
    if (count !== undefined && count > 0) {
      length += count;
      continue;
    }
    waited += PAUSE_MILLISECONDS;
    if (waited > (count === 0 ? NO_WRITER_MILLISECONDS : SILENT_WRITER_MILLISECONDS)) throw silentPipe();
    await options.sleep(PAUSE_MILLISECONDS);
  }
  return bytes.slice(0, length);
}

function asSilence(error: unknown): undefined {
  const isSilence = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EAGAIN';
  if (!isSilence) throw error;
}

function silentPipe(): Error {
  return Object.assign(new Error('Nobody writes into this pipe.'), { code: 'SILENT_PIPE' });
}
