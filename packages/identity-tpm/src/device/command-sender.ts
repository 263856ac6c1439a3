import type { Timing } from '../timing.js';
import { type TpmCommand, encodeCommand } from '../tpm/command.js';
import { decodeResponse } from '../tpm/response.js';
import { isRefusal } from '../tpm/tpm-error.js';
import type { Connection } from './connection.js';

/** Sends commands to a TPM. */
export interface CommandSender {
  /**
   * Sends one command; again, a few times, when the TPM asks for that.
   *
   * @throws TpmError
   */
  execute<Answer>(command: TpmCommand<Answer>): Promise<Answer>;
}

/** What commands are sent with. */
export interface CommandSenderInit {
  readonly connection: Connection;
  readonly timing: Timing;
  readonly responseTimeoutMilliseconds: number;
}

/** Making a key, RSA above all, takes slow TPMs many seconds. */
const SLOW_FACTOR = 4;
/** "Send it again", by symbol. That all slots are taken is not among them: they do not get free while this connection waits. */
const AGAIN = [
  'TPM_RC_RETRY',
  'TPM_RC_YIELDED',
  'TPM_RC_TESTING',
  'TPM_RC_CANCELED',
  'TPM_RC_NV_RATE',
  'TPM_RC_NV_UNAVAILABLE',
  'TSS2_BASE_RC_TRY_AGAIN',
] as const;
const PAUSES_MILLISECONDS = [20, 50, 100, 250, 500, 1000, 2000, 4000] as const;

/** Commands over one connection, one after the other. */
export function createCommandSender(init: CommandSenderInit): CommandSender {
  return {
    async execute(command) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await executeOnce(init, command);
        } catch (error) {
          const pause = PAUSES_MILLISECONDS[attempt];
          if (pause === undefined || !isRefusal(error, ...AGAIN)) throw error;
          await init.timing.sleep(pause);
        }
      }
    },
  };
}

async function executeOnce<Answer>(init: CommandSenderInit, command: TpmCommand<Answer>): Promise<Answer> {
  const bytes = encodeCommand(command);
  const limit = init.responseTimeoutMilliseconds * (command.isSlow === true ? SLOW_FACTOR : 1);
  try {
    return decodeResponse(await init.connection.exchange(bytes, limit), command);
  } finally {
    // It can hold a password.
    bytes.fill(0);
  }
}
