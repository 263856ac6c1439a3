import { parseQuery } from '../sigv4/request-target.js';
import { Refusal, validationAnswer } from './refusal.js';

const MAXIMUM_CHARACTERS = 16_384;

/**
 * Reads the query string strictly: whole percent sequences, UTF-8, no name twice.
 *
 * @throws Refusal `QUERY_MALFORMED` or `DUPLICATE_QUERY_KEY`
 */
export function parseQueryParameters(query: string): ReadonlyMap<string, string> {
  if (query.length > MAXIMUM_CHARACTERS) throw refuse('QUERY_MALFORMED', 'The query string is too long');
  if (/%(?![0-9A-Fa-f]{2})/.test(query))
    throw refuse('QUERY_MALFORMED', 'The query string has a broken percent sequence');
  const parameters = new Map<string, string>();
  for (const parameter of parseQuery(query)) {
    const name = decode(parameter.name);
    if (parameters.has(name))
      throw refuse('DUPLICATE_QUERY_KEY', `The query parameter ${name.slice(0, 64)} is there twice`);
    parameters.set(name, decode(parameter.value));
  }
  return parameters;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse('QUERY_MALFORMED', 'The query string is not UTF-8');
  }
}

function refuse(reason: 'QUERY_MALFORMED' | 'DUPLICATE_QUERY_KEY', message: string): Refusal {
  return new Refusal(reason, message, { ...validationAnswer(message), emulatorText: true });
}
