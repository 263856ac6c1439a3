import { ConfigurationError } from '@rolesanywhere/signer';

/** One mistake in the configuration. */
export interface Problem {
  readonly code: 'INVALID_OPTION' | 'INVALID_ARN' | 'REGION_MISMATCH';
  /** What, which, and what to do; one sentence without a full stop. */
  readonly message: string;
}

/** One error that lists every problem. Its code is theirs when they agree, else `INVALID_OPTION`. */
export function problemsError(problems: readonly Problem[]): ConfigurationError {
  const codes = new Set(problems.map((problem) => problem.code));
  const [only] = codes;
  return new ConfigurationError({
    code: codes.size === 1 && only !== undefined ? only : 'INVALID_OPTION',
    message:
      problems.length === 1
        ? `The configuration of IAM Roles Anywhere is wrong: ${problems.map(({ message }) => message).join()}.`
        : `The configuration of IAM Roles Anywhere has ${problems.length} problems:\n${problems.map(({ message }) => `- ${message}`).join('\n')}`,
  });
}
