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
  /**
   * After {@link close}: when the operating system has let go of it. A device that hangs keeps a thread of the pool until
   * then, so that it must not be opened again before. Never rejects.
   */
  released(): Promise<void>;
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
  EBUSY:
    'another program, such as tpm2-abrmd, has it (EBUSY). Use /dev/tpmrm0, which many programs can share',
  ENOTFOUND: 'the name of its host is not known (ENOTFOUND). Check `device`',
  EAI_AGAIN: 'the name of its host cannot be looked up now (EAI_AGAIN)',
  EHOSTUNREACH: 'there is no way to its host (EHOSTUNREACH). Check `device`, and the network',
  ENETUNREACH: 'there is no way to its network (ENETUNREACH). Check `device`, and the network',
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

/** An error of the operating system, or an end, in the middle of its use. `advice` is a sentence. */
export function disconnected(cause?: unknown, advice?: string): TpmError {
  const reason = cause === undefined ? '' : ` (${codeOf(cause)})`;
  const what = `the connection ended before the response was there${reason}.`;
  const message = advice === undefined ? what : `${what} ${advice}`;
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
