import type { TpmCommand } from './command.js';
import { TAG } from './constants.js';
import { type TpmReader, createReader } from './reader.js';
import { decodeResponseCode, describeResponseCode } from './response-code.js';
import { TpmError, malformed } from './tpm-error.js';

/** Octets of tag, size and response code. */
export const HEADER_OCTETS = 10;
/** No answer to the commands of this package comes near to it; TPMs name this as TPM_PT_MAX_RESPONSE_SIZE. */
export const MAXIMUM_RESPONSE_OCTETS = 4096;

/**
 * The size that a response declares; undefined while its header is not there.
 *
 * @throws TpmError `malformed`, for a beginning that no response has
 */
export function declaredSize(beginning: Uint8Array): number | undefined {
  if (beginning.length < 2) return undefined;
  const reader = createReader(beginning);
  const tag = reader.u16();
  if (tag !== TAG.noSessions && tag !== TAG.sessions && tag !== TAG.tpm12Error)
    throw malformed(
      `it answered with something that is no TPM response (tag 0x${tag.toString(16)}). Is \`device\` the socket of the commands, not that of the controls, of a TPM?`,
    );
  if (beginning.length < 6) return undefined;
  const size = reader.u32();
  if (size < HEADER_OCTETS || size > MAXIMUM_RESPONSE_OCTETS)
    throw malformed(
      `it announced a response of ${size} octets; ${HEADER_OCTETS} to ${MAXIMUM_RESPONSE_OCTETS} are possible`,
    );
  return size;
}

/**
 * Reads the whole response to a command.
 *
 * @throws TpmError `refused` with the decoded response code; `malformed` when the bytes are not an answer to this command
 * @see TPM 2.0 Library Part 1 §18.9 (response structure)
 */
export function decodeResponse<Answer>(bytes: Uint8Array, command: TpmCommand<Answer>): Answer {
  const withSessions = command.passwords.length > 0;
  try {
    const reader = createReader(bytes);
    const tag = reader.u16();
    if (reader.u32() !== bytes.length) throw new RangeError('its size is not the one that it declares');
    const code = reader.u32();
    if (code !== 0) throw refusal(code, command.name);
    if (tag !== (withSessions ? TAG.sessions : TAG.noSessions)) throw new RangeError('a wrong tag');
    const handle = command.answersHandle ? reader.u32() : 0;
    const parameters = createReader(withSessions ? reader.bytes(reader.u32()) : reader.rest());
    if (withSessions) command.passwords.forEach(() => readAcknowledgement(reader));
    reader.end();
    const answer = command.parse(parameters, handle);
    parameters.end();
    return answer;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed(`its response to ${command.name} is damaged: ${error.message}`, error);
  }
}

function refusal(code: number, command: string): TpmError {
  const response = decodeResponseCode(code);
  const message = `it refused ${command}: ${describeResponseCode(response)}`;
  return new TpmError({ failure: 'refused', message, response, command });
}

/** What the TPM answers to a password: an empty nonce, attributes, an empty HMAC. */
function readAcknowledgement(reader: TpmReader): void {
  const nonce = reader.sized();
  reader.u8();
  if (nonce.length > 0 || reader.sized().length > 0)
    throw new RangeError('an authorization that nobody asked for');
}
