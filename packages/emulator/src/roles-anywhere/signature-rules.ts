import { invalidSignature, type RefusalReason } from './refusal.js';
import type { Notebook } from './verdict.js';

/** What a signature is checked against. */
export interface SignatureRules {
  readonly region: string;
  readonly now: Date;
  readonly clockToleranceSeconds: number;
  /** Lets an uncovered header and an algorithm of another key type pass, as the live service does, and reports them. */
  readonly lenient: boolean;
  readonly notebook: Notebook;
}

/**
 * Refuses, or with `lenient` lets pass and reports.
 *
 * @throws Refusal
 */
export function tolerate(
  reason: RefusalReason,
  message: string,
  { lenient, notebook }: SignatureRules,
): void {
  if (!lenient) throw invalidSignature(reason, message);
  notebook.report({ code: reason, message });
}
