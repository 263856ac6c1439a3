import { ConfigurationError } from '@rolesanywhere/signer';
import { readEnvironment } from './environment.js';
import { isSpiffeId } from './spiffe-id.js';
import { type Endpoint, parseEndpoint } from './workload-api/endpoint.js';

/** What {@link fromSpiffe} takes. */
export interface FromSpiffeInit {
  /** `unix:///absolute/path` or `tcp://ip:port`. Default: the environment variable `SPIFFE_ENDPOINT_SOCKET`. */
  readonly endpoint?: string | undefined;
  /** Take the X.509-SVID with exactly this SPIFFE ID. Default: the first one, which is the default identity. */
  readonly spiffeId?: string | undefined;
  /** Take the first X.509-SVID to which the operator gave this hint. With `spiffeId` both must fit. Default: any. */
  readonly hint?: string | undefined;
  /**
   * How long a call waits that has no valid X.509-SVID in hand, reconnections included. Milliseconds, 1 to 3,600,000;
   * default 10,000.
   */
  readonly timeoutMilliseconds?: number | undefined;
}

/** Which X.509-SVID is wanted; nothing given: the first. */
export interface SvidSelector {
  readonly spiffeId?: string | undefined;
  readonly hint?: string | undefined;
}

/** Options that were checked. */
export interface Settings {
  readonly endpoint: Endpoint;
  /** Where the endpoint was given, for messages. */
  readonly endpointOption: string;
  readonly selector: SvidSelector;
  readonly timeoutMilliseconds: number;
}

const ENDPOINT_VARIABLE = 'SPIFFE_ENDPOINT_SOCKET';
const DEFAULT_TIMEOUT_MILLISECONDS = 10_000;
const MAXIMUM_TIMEOUT_MILLISECONDS = 3_600_000;

/**
 * Checks every option, and reads the environment where `endpoint` is not given.
 *
 * @throws ConfigurationError `INVALID_OPTION`, naming every problem
 * @see SPIFFE Workload Endpoint §4
 */
export function checkInit(init: FromSpiffeInit): Settings {
  if (typeof init !== 'object' || init === null)
    throw invalid(['the options of fromSpiffe must be an object']);
  const { endpoint, spiffeId, hint, timeoutMilliseconds = DEFAULT_TIMEOUT_MILLISECONDS } = init;
  const endpointOption = endpoint === undefined ? ENDPOINT_VARIABLE : '`endpoint`';
  const parsed = readEndpoint(endpoint, endpointOption);
  const problems = [
    'problem' in parsed && parsed.problem,
    spiffeId !== undefined &&
      !(typeof spiffeId === 'string' && isSpiffeId(spiffeId)) &&
      '`spiffeId` must be a SPIFFE ID, such as spiffe://example.org/backend',
    hint !== undefined && !(typeof hint === 'string' && hint !== '') && '`hint` must be a text, not empty',
    !isTimeout(timeoutMilliseconds) &&
      `\`timeoutMilliseconds\` must be a whole number from 1 to ${MAXIMUM_TIMEOUT_MILLISECONDS}`,
  ].filter((problem) => problem !== false);
  if ('problem' in parsed || problems.length > 0) {
    throw invalid(problems);
  }
  return { endpoint: parsed.endpoint, endpointOption, selector: { spiffeId, hint }, timeoutMilliseconds };
}

function readEndpoint(
  given: string | undefined,
  option: string,
): { readonly endpoint: Endpoint } | { readonly problem: string } {
  const text = given ?? readEnvironment(ENDPOINT_VARIABLE);
  if (text === undefined) return { problem: `\`endpoint\` is not given and ${option} is not set: set one` };
  if (typeof text !== 'string') return { problem: `${option} must be a text` };
  const parsed = parseEndpoint(text);
  return 'problem' in parsed ? { problem: `${option} ${parsed.problem}` } : parsed;
}

function invalid(problems: readonly string[]): ConfigurationError {
  return new ConfigurationError({ code: 'INVALID_OPTION', message: `${problems.join('; ')}.` });
}

function isTimeout(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAXIMUM_TIMEOUT_MILLISECONDS;
}
