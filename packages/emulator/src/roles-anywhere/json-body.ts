import { isJsonObject, type JsonObject } from '../json-object.js';
import { Refusal, validationAnswer } from './refusal.js';

const MAXIMUM_BYTES = 262_144;

/**
 * Reads a JSON body strictly: UTF-8, one object, at most 256 KiB. No body is an empty object.
 * The media type is not looked at: working clients send two different ones. Depth needs no limit: V8 parses without
 * recursion, and no step after it walks deeper than one level.
 *
 * @throws Refusal `BODY_MALFORMED`
 */
export function parseJsonBody(body: Uint8Array): JsonObject {
  if (body.length > MAXIMUM_BYTES) throw malformed(`it is longer than ${MAXIMUM_BYTES} bytes`);
  const text = decode(body);
  if (text.trim() === '') return {};
  const value = parse(text);
  if (!isJsonObject(value)) throw malformed('it is not a JSON object');
  return value;
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw malformed('it is not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('it is not JSON');
  }
}

function malformed(problem: string): Refusal {
  const message = `The body could not be read: ${problem}`;
  return new Refusal('BODY_MALFORMED', message, { ...validationAnswer(message), emulatorText: true });
}
