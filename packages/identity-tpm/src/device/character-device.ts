import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Timing } from '../timing.js';
import { MAXIMUM_RESPONSE_OCTETS } from '../tpm/response.js';
import { TpmError } from '../tpm/tpm-error.js';
import { type Connection, disconnected, unreachable } from './connection.js';
import { inTime } from './in-time.js';
import { createResponseCollector } from './response-collector.js';

/**
 * A character device such as `/dev/tpmrm0`: one write is a command, the read after it is the response. Both wait in a thread
 * of the pool while the TPM works.
 *
 * @throws TpmError `unreachable`, also for a path that is no character device, which is left untouched
 * @see the Linux kernel's `drivers/char/tpm/tpm-dev-common.c`
 */
export async function openCharacterDevice(path: string, timing: Timing): Promise<Connection> {
  const file = await open(path, constants.O_RDWR | constants.O_NOCTTY).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  const isDevice = await file.stat().then(
    (facts) => facts.isCharacterDevice(),
    () => false,
  );
  if (isDevice) return deviceConnection(file, timing);
  await file.close();
  const message = 'it is no character device. Give the path of one, or `unix:` and the path of a socket.';
  throw new TpmError({ failure: 'unreachable', message });
}

function deviceConnection(file: FileHandle, timing: Timing): Connection {
  let closing: Promise<void> | undefined;
  let broken: TpmError | undefined;

  /** A read that hangs cannot be taken back: the file is closed when the kernel lets go of it, and nobody waits for that. */
  function close(): Promise<void> {
    closing ??= file.close().catch(() => undefined);
    return broken?.failure === 'late' ? Promise.resolve() : closing;
  }

  async function exchange(command: Uint8Array, limitMilliseconds: number): Promise<Uint8Array> {
    if (broken !== undefined) throw broken;
    try {
      return await inTime(askDevice(file, command), { timing, limitMilliseconds });
    } catch (error) {
      broken = error instanceof TpmError ? error : disconnected(error);
      throw broken;
    }
  }

  return {
    exchange,
    close,
    released: async () => closing,
  };
}

async function askDevice(file: FileHandle, command: Uint8Array): Promise<Uint8Array> {
  // The file has a copy: the command is overwritten by its owner, also when the device hangs with it.
  const copy = Uint8Array.from(command);
  try {
    const { bytesWritten } = await file.write(copy);
    if (bytesWritten !== command.length) throw disconnected();
  } finally {
    copy.fill(0);
  }
  const collector = createResponseCollector();
  const buffer = new Uint8Array(MAXIMUM_RESPONSE_OCTETS);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) throw disconnected();
    const response = collector.add(buffer.subarray(0, bytesRead));
    if (response !== undefined) return response;
  }
}
