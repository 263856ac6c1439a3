import { ConfigurationError } from '@rolesanywhere/signer';
import { findClientConfigProblems, type CallOptions } from './client-config-problems.js';
import { problemsError, type Problem } from './problem.js';
import { findSettingProblems } from './setting-problems.js';
import { mergeSources, type SessionSettings, type SettingsSource } from './source.js';

/**
 * Merges the sources, earlier ones first, and checks everything at once, before any I/O.
 *
 * @throws ConfigurationError `NOT_CONFIGURED` (with `tryNextLink`) when no source gives anything; `INVALID_OPTION`,
 * `INVALID_ARN` or `REGION_MISMATCH` with every problem in one message otherwise.
 */
export function resolveSettings(sources: readonly SettingsSource[], options: CallOptions): SessionSettings {
  const settings = mergeSources(sources);
  if (settings.size === 0) throw notConfigured(sources);
  const problems = [...findSettingProblems(settings), ...findClientConfigProblems(options)];
  const values: unknown = Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
  if (!arePlausible(values, problems)) throw problemsError(problems);
  return values;
}

/** No problem found means that the required values are there and that each has its type. */
function arePlausible(values: unknown, problems: readonly Problem[]): values is SessionSettings {
  return typeof values === 'object' && problems.length === 0;
}

function notConfigured(sources: readonly SettingsSource[]): ConfigurationError {
  return new ConfigurationError({
    code: 'NOT_CONFIGURED',
    message:
      `IAM Roles Anywhere is not configured (looked in: ${sources.map(({ place }) => place).join(', ')}). ` +
      'Give fromRolesAnywhere() a trustAnchorArn, a profileArn, a roleArn and an identity.',
    tryNextLink: true,
  });
}
