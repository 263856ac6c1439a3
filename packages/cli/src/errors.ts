/** The command line is wrong. Nothing has been read or sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Each of them says what is wrong and what to do, without a full stop. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}
