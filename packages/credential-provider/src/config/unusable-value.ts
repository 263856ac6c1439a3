import type { Problem } from './problem.js';

/** Stands for a setting that is given but cannot be used, so that it is reported as such and not as missing. */
export class UnusableValue {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    this.problems = problems;
  }
}
