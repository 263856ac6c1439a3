import type { ResponseCode } from './response-code.js';

/**
 * Why a TPM gave no good answer: it is not there, the connection ended, it took too long, it answered with something that
 * is no answer, it refused, or it was not asked for the sake of others.
 */
export type TpmFailure = 'unreachable' | 'disconnected' | 'late' | 'malformed' | 'refused' | 'spared';

/** What a {@link TpmError} is made of. */
export interface TpmErrorInit {
  readonly failure: TpmFailure;
  /** What follows "The TPM at …: "; never content of a command. */
  readonly message: string;
  readonly response?: ResponseCode;
  /** The command that was refused. */
  readonly command?: string;
  readonly cause?: unknown;
}

/** What is below the errors of this package: the `cause` of an IdentityError or a SigningError. */
export class TpmError extends Error {
  override name = 'TpmError';
  readonly failure: TpmFailure;
  /** Decoded, when the TPM refused. */
  readonly response: ResponseCode | undefined;
  readonly command: string | undefined;

  constructor(init: TpmErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.failure = init.failure;
    this.response = init.response;
    this.command = init.command;
  }
}

/** An answer that is none. */
export function malformed(message: string, cause?: unknown): TpmError {
  return new TpmError({ failure: 'malformed', message, cause });
}

/** "All slots are taken", by symbol. */
const SLOTS_TAKEN = [
  'TPM_RC_OBJECT_MEMORY',
  'TPM_RC_OBJECT_HANDLES',
  'TPM_RC_SESSION_MEMORY',
  'TPM_RC_SESSION_HANDLES',
  'TPM_RC_MEMORY',
] as const;

/** Whether a TPM had no room for another object; somebody may flush one soon. */
export function isSlotsTaken(error: unknown): error is TpmError {
  return isRefusal(error, ...SLOTS_TAKEN);
}

/** Whether a TPM refused with one of these codes, by symbol. */
export function isRefusal(error: unknown, ...symbols: readonly string[]): error is TpmError {
  if (!(error instanceof TpmError) || error.response === undefined) return false;
  return symbols.length === 0 || symbols.includes(error.response.symbol);
}
