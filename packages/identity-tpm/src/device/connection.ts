import type { Timing } from '../timing.js';
import { TpmError } from '../tpm/tpm-error.js';

/** A way to one TPM. One command at a time; after an error it can only be closed. */
export interface Connection {
  /**
   * Sends one command and takes its whole response.
   *
   * @param limitMilliseconds - for the response
   * @throws TpmError `disconnected`, `late`, `malformed`
   */
  exchange(command: Uint8Array, limitMilliseconds: number): Promise<Uint8Array>;
  /** Ends it; a second call does nothing. Never rejects. */
  close(): Promise<void>;
}

/** What a connection is opened with. */
export interface ConnectOptions {
  readonly timing: Timing;
  /** For opening it. */
  readonly limitMilliseconds: number;
}

/** What the errors of the operating system say about a TPM. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist (ENOENT). Check `device`; without a TPM driver the kernel has no /dev/tpmrm0',
  EACCES: 'this user may not use it (EACCES). Add the user to the group of the device, mostly `tss`',
  EPERM: 'this user may not use it (EPERM). Add the user to the group of the device, mostly `tss`',
  EAGAIN: 'too many other programs wait for it (EAGAIN)',
  EBUSY: 'another program has it (EBUSY). Use /dev/tpmrm0, which many programs can share',
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED). Start the TPM, or check `device`',
  ENOTSOCK: 'it is no socket (ENOTSOCK). Check `device`',
  ENXIO: 'it is no device that can be opened (ENXIO). For a socket give `unix:` and its path',
  ENODEV: 'there is no device behind it (ENODEV)',
};

/** An error of the operating system while opening. */
export function unreachable(cause: unknown): TpmError {
  const code = codeOf(cause);
  const message = `${REASONS[code] ?? `it cannot be opened (${code})`}.`;
  return new TpmError({ failure: 'unreachable', message, cause });
}

/** An error of the operating system, or an end, in the middle of its use. */
export function disconnected(cause?: unknown): TpmError {
  const reason = cause === undefined ? '' : ` (${codeOf(cause)})`;
  const message = `the connection ended before the response was there${reason}.`;
  return new TpmError({ failure: 'disconnected', message, cause });
}

/** No response in time. */
export function late(limitMilliseconds: number): TpmError {
  const message = `no response within ${limitMilliseconds} ms (\`responseTimeoutMilliseconds\`). Another program may hold it.`;
  return new TpmError({ failure: 'late', message });
}

/** The code of an error of the operating system, such as `ENOENT`. */
export function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause
    ? String(cause.code)
    : 'unknown error';
}
