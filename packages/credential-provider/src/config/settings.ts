import { ConfigurationError } from '@rolesanywhere/signer';
import { findClientConfigProblems, type CallOptions } from './client-config-problems.js';
import { problemsError, type Problem } from './problem.js';
import { findSettingProblems, type Ways } from './setting-problems.js';
import { mergeSources, type SessionSettings, type SettingsSource } from './source.js';

/** What reading the sources has found. */
export interface FoundProblems {
  /** What is said there that nobody can understand. Then something is configured. */
  readonly ofSources?: readonly Problem[];
  /** Mistakes in how to call. They alone do not mean that anything is configured. */
  readonly ofCall?: readonly Problem[];
  /** Every place that was looked at, for the message that nothing is there. Default: the sources' places. */
  readonly lookedIn?: readonly string[];
  /** How a missing setting can be given, in the words that follow `give the ARN of the role`. */
  readonly ways?: Ways;
}

/**
 * Merges the sources, earlier ones first, and checks everything at once, before any I/O.
 *
 * @throws ConfigurationError `NOT_CONFIGURED` (with `tryNextLink`) when no source gives anything; `INVALID_OPTION`,
 * `INVALID_ARN` or `REGION_MISMATCH` with every problem in one message otherwise.
 */
export function resolveSettings(
  sources: readonly SettingsSource[],
  options: CallOptions,
  found: FoundProblems = {},
): SessionSettings {
  const settings = mergeSources(sources);
  const misunderstood = found.ofSources ?? [];
  if (settings.size === 0 && misunderstood.length === 0) throw notConfigured(sources, found.lookedIn);
  const problems = [
    ...misunderstood,
    ...findSettingProblems(settings, found.ways),
    ...findClientConfigProblems(options),
    ...(found.ofCall ?? []),
  ];
  const values: unknown = Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
  if (!arePlausible(values, problems)) throw problemsError(problems);
  return values;
}

/** No problem found means that the required values are there and that each has its type. */
function arePlausible(values: unknown, problems: readonly Problem[]): values is SessionSettings {
  return typeof values === 'object' && problems.length === 0;
}

function notConfigured(
  sources: readonly SettingsSource[],
  lookedIn: readonly string[] = sources.map(({ place }) => place),
): ConfigurationError {
  return new ConfigurationError({
    code: 'NOT_CONFIGURED',
    message:
      `IAM Roles Anywhere is not configured (looked in: ${lookedIn.join('; ')}). ` +
      'Give a trust anchor ARN, a profile ARN, a role ARN and a certificate with its private key in one of these places.',
    tryNextLink: true,
  });
}
