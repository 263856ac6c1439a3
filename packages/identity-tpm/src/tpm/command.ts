import { PERMANENT, TAG } from './constants.js';
import type { TpmReader } from './reader.js';
import { sized, u16, u32, u8 } from './writer.js';

/** One command, and how its answer is read. */
export interface TpmCommand<Answer> {
  /** As the standard calls it: `TPM2_Sign`. */
  readonly name: string;
  /** TPM_CC. */
  readonly code: number;
  readonly handles: readonly number[];
  /** A password for each handle that must be authorised, in their order. */
  readonly passwords: readonly Uint8Array[];
  readonly parameters: Uint8Array;
  /** Whether the answer begins with a handle. */
  readonly answersHandle: boolean;
  /** Makes a key, which takes a slow TPM many seconds. */
  readonly isSlow?: boolean;
  /** Reads the parameters of the answer; `handle` is 0 when there is none. */
  parse(parameters: TpmReader, handle: number): Answer;
}

/**
 * The bytes of a command. They hold its passwords: overwrite them when they are sent.
 *
 * @see TPM 2.0 Library Part 1 §18 (structure), §19.4 (password authorizations)
 */
export function encodeCommand(command: TpmCommand<unknown>): Uint8Array {
  const authorizations = command.passwords.map(passwordAuthorization);
  const size = authorizations.reduce((sum, part) => sum + part.length, 0);
  const withSessions = authorizations.length > 0;
  const body = Buffer.concat([
    ...command.handles.map(u32),
    ...(withSessions ? [u32(size), ...authorizations] : []),
    command.parameters,
  ]);
  const header = [
    u16(withSessions ? TAG.sessions : TAG.noSessions),
    u32(10 + body.length),
    u32(command.code),
  ];
  const bytes = Buffer.concat([...header, body]);
  for (const part of [body, ...authorizations]) part.fill(0);
  return bytes;
}

/** Session handle TPM_RS_PW, no nonce, no attributes, the password in the place of the HMAC. */
function passwordAuthorization(password: Uint8Array): Uint8Array {
  return Buffer.concat([u32(PERMANENT.password), sized(), u8(0), sized(password)]);
}
