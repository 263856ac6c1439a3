import { maximumTimerMilliseconds } from '../runtime.js';
import type { Problem } from './problem.js';

/** The parts of the configuration that do not come from a source of settings. */
export interface CallOptions {
  readonly clientConfig?: unknown;
  readonly totalTimeoutMilliseconds?: unknown;
  readonly cache?: unknown;
  readonly profile?: unknown;
  readonly filepath?: unknown;
  readonly configFilepath?: unknown;
}

/** Every mistake in the options about how to call. What a provider function will give is judged when it is called. */
export function findClientConfigProblems(options: CallOptions): readonly Problem[] {
  const problems = [
    ...findTimeoutProblem(options.totalTimeoutMilliseconds),
    ...findCacheProblem(options.cache),
    ...findSharedFileProblems(options),
  ];
  const config = options.clientConfig;
  if (config === undefined) return problems;
  if (typeof config !== 'object' || config === null) {
    return [...problems, { code: 'INVALID_OPTION', message: 'clientConfig must be an object' }];
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value: unknown = Reflect.get(config, name);
    if (value === undefined || rule.accepts(value)) continue;
    problems.push({ code: 'INVALID_OPTION', message: `clientConfig.${name} must be ${rule.form}` });
  }
  return problems;
}

/** True for what `maxAttempts` may be. */
export function isAttemptCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1;
}

/** True for text that can stand in a host name as a region does. */
export function isRegion(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value);
}

interface Rule {
  readonly form: string;
  accepts(value: unknown): boolean;
}

const orProvider =
  (accepts: (value: unknown) => boolean): Rule['accepts'] =>
  (value) =>
    typeof value === 'function' || accepts(value);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const rules: Readonly<Record<string, Rule>> = {
  region: { form: 'a region name such as eu-central-1, or an async function', accepts: orProvider(isRegion) },
  endpoint: {
    form: 'a URL, an Endpoint, or an async function',
    accepts: orProvider((value) => typeof value === 'string' || isObject(value)),
  },
  requestHandler: { form: 'a request handler or options for a NodeHttpHandler', accepts: isObject },
  maxAttempts: {
    form: 'a whole number of at least 1, or an async function',
    accepts: orProvider(isAttemptCount),
  },
  retryMode: {
    form: "'standard' or 'adaptive', or an async function",
    accepts: orProvider((value) => value === 'standard' || value === 'adaptive'),
  },
  useFipsEndpoint: {
    form: 'true or false, or an async function',
    accepts: orProvider((value) => typeof value === 'boolean'),
  },
  useDualstackEndpoint: {
    form: 'true or false, or an async function',
    accepts: orProvider((value) => typeof value === 'boolean'),
  },
  userAgentAppId: {
    form: 'a string, or an async function',
    accepts: orProvider((value) => typeof value === 'string'),
  },
  logger: { form: 'an object with debug, info, warn and error', accepts: isObject },
};

function findTimeoutProblem(value: unknown): readonly Problem[] {
  if (value === undefined) return [];
  if (typeof value === 'number' && value > 0 && value <= maximumTimerMilliseconds) return [];
  return [
    {
      code: 'INVALID_OPTION',
      message: `totalTimeoutMilliseconds must be a number above 0 and at most ${maximumTimerMilliseconds}`,
    },
  ];
}

function findCacheProblem(cache: unknown): readonly Problem[] {
  if (cache === undefined) return [];
  const isCache =
    typeof cache === 'object' &&
    cache !== null &&
    ['read', 'write', 'lock'].every((name) => typeof Reflect.get(cache, name) === 'function');
  if (isCache) return [];
  return [
    { code: 'INVALID_OPTION', message: 'cache must have read, write and lock, as fileSessionCache() gives' },
  ];
}

function findSharedFileProblems({ profile, filepath, configFilepath }: CallOptions): readonly Problem[] {
  return Object.entries({ profile, filepath, configFilepath })
    .filter(([, value]) => value !== undefined && (typeof value !== 'string' || value === ''))
    .map(([name]) => ({ code: 'INVALID_OPTION', message: `${name} (options) must be a text` }));
}
