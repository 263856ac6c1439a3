import { TpmError } from '../tpm/tpm-error.js';
import type { TpmAddress } from './address.js';
import { type ConnectOptions, type Connection, codeOf } from './connection.js';

/** "Somebody else has it": a socket whose queue is full, a device that one program can open at a time. */
const BUSY: ReadonlySet<string> = new Set(['EAGAIN', 'EBUSY']);
const BUSY_PAUSE_MILLISECONDS = 20;

/**
 * Opens a way to the TPM at an address; waits, within the limit, while others have it.
 *
 * @throws TpmError `unreachable`, `late`
 */
export async function connect(address: TpmAddress, options: ConnectOptions): Promise<Connection> {
  for (let waited = 0; ; waited += BUSY_PAUSE_MILLISECONDS) {
    try {
      return await connectOnce(address, options);
    } catch (error) {
      const isBusy = error instanceof TpmError && BUSY.has(codeOf(error.cause));
      if (!isBusy || waited >= options.limitMilliseconds) throw error;
      await options.timing.sleep(BUSY_PAUSE_MILLISECONDS);
    }
  }
}

async function connectOnce(address: TpmAddress, options: ConnectOptions): Promise<Connection> {
  if (address.kind === 'character device') {
    const { openCharacterDevice } = await import('./character-device.js');
    return openCharacterDevice(address.path, options.timing);
  }
  const { connectSocket } = await import('./socket.js');
  return connectSocket(address, options);
}
