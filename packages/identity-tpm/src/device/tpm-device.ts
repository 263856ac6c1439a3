import type { Timing } from '../timing.js';
import type { TpmAddress } from './address.js';
import { type CommandSender, createCommandSender } from './command-sender.js';
import { connect } from './connect.js';
import {
  type LeftBehind,
  type TransientLoading,
  flushLeftBehind,
  useTransient,
} from './transient-objects.js';

/** A TPM while it is in use. */
export interface Tpm extends CommandSender {
  /**
   * Loads an object, works with it and flushes it, whatever happens. What could not be flushed, because the connection was
   * lost, is flushed at the next use.
   */
  withTransient<Answer, Loaded>(
    loading: TransientLoading<Loaded>,
    work: (loaded: Loaded) => Promise<Answer>,
  ): Promise<Answer>;
}

/** A TPM at an address, used by one piece of work at a time. */
export interface TpmDevice {
  /** Connects, works, and lets go of the TPM; in the order of the calls. @throws TpmError and what `work` throws */
  use<Answer>(work: (tpm: Tpm) => Promise<Answer>): Promise<Answer>;
  /** Waits for the work that was begun, and flushes what a lost connection left behind. Never rejects. */
  close(): Promise<void>;
}

/** What a device is made of. */
export interface TpmDeviceInit {
  readonly address: TpmAddress;
  readonly timing: Timing;
  readonly responseTimeoutMilliseconds: number;
}

/**
 * A device that is connected only while there is work: an emulated TPM serves one connection at a time, and the others wait.
 */
export function createTpmDevice(init: TpmDeviceInit): TpmDevice {
  const leftBehind: LeftBehind = new Set();
  let last: Promise<unknown> = Promise.resolve();

  async function connectAndWork<Answer>(work: (tpm: Tpm) => Promise<Answer>): Promise<Answer> {
    const { timing, responseTimeoutMilliseconds } = init;
    const limits = { timing, limitMilliseconds: responseTimeoutMilliseconds };
    const connection = await connect(init.address, limits);
    try {
      const sender = createCommandSender({ connection, timing, responseTimeoutMilliseconds });
      await flushLeftBehind(sender, leftBehind);
      return await work({
        ...sender,
        withTransient: (loading, inner) => useTransient({ sender, leftBehind }, loading, inner),
      });
    } finally {
      await connection.close();
    }
  }

  function use<Answer>(work: (tpm: Tpm) => Promise<Answer>): Promise<Answer> {
    const result = last.then(() => connectAndWork(work));
    last = result.catch(() => undefined);
    return result;
  }

  return {
    use,
    async close() {
      await last;
      if (leftBehind.size > 0) await use(async () => undefined).catch(() => undefined);
    },
  };
}
