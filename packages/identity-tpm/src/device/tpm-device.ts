import type { Timing } from '../timing.js';
import { isSlotsTaken } from '../tpm/tpm-error.js';
import type { TpmAddress } from './address.js';
import { type CommandSender, createCommandSender } from './command-sender.js';
import { connect } from './connect.js';
import { inTime } from './in-time.js';
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
  /** Objects of this name are flushed at the next use: a process that was killed may have left them. */
  suspect(name: string): void;
}

/** A TPM at an address, used by one piece of work at a time. */
export interface TpmDevice {
  /**
   * Connects, works, and lets go of the TPM; in the order of the calls. All of it again, for some seconds, when the TPM had no
   * slot free.
   *
   * @throws TpmError and what `work` throws
   */
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

/** Without a resource manager programs take turns with the slots of a TPM, and hold them for moments. */
const SLOT_PAUSES_MILLISECONDS = [20, 50, 100, 200, 400, 800, 1600] as const;

/**
 * A device that is connected only while there is work: an emulated TPM serves one connection at a time, and the others wait.
 */
export function createTpmDevice(init: TpmDeviceInit): TpmDevice {
  const leftBehind: LeftBehind = new Set();
  let last: Promise<unknown> = Promise.resolve();
  let released: Promise<void> = Promise.resolve();

  async function connectAndWork<Answer>(work: (tpm: Tpm) => Promise<Answer>): Promise<Answer> {
    const { timing, responseTimeoutMilliseconds } = init;
    const limits = { timing, limitMilliseconds: responseTimeoutMilliseconds };
    await inTime(released, limits);
    const connection = await connect(init.address, limits);
    try {
      const sender = createCommandSender({ connection, timing, responseTimeoutMilliseconds });
      await flushLeftBehind(sender, leftBehind);
      return await work({
        ...sender,
        withTransient: (loading, inner) => useTransient({ sender, leftBehind }, loading, inner),
        suspect: (name) => void leftBehind.add(name),
      });
    } finally {
      await connection.close();
      released = connection.released();
    }
  }

  /** The TPM is let go of meanwhile, or those who have the slots could not flush them. */
  async function workWhenSlotsAreFree<Answer>(work: (tpm: Tpm) => Promise<Answer>): Promise<Answer> {
    for (const pause of SLOT_PAUSES_MILLISECONDS) {
      try {
        return await connectAndWork(work);
      } catch (error) {
        if (!isSlotsTaken(error)) throw error;
        await init.timing.sleep(pause);
      }
    }
    return connectAndWork(work);
  }

  function use<Answer>(work: (tpm: Tpm) => Promise<Answer>): Promise<Answer> {
    const result = last.then(() => workWhenSlotsAreFree(work));
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
