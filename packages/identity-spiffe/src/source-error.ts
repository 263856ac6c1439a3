import type { WorkloadApiError } from './workload-api/workload-api-error.js';

/** What is known when nothing valid is in hand. */
export interface SourceState {
  /** Begins the message: "The SPIFFE Workload API at …". */
  readonly where: string;
  readonly trouble: WorkloadApiError | undefined;
}

/** Nothing came in time. */
export function describeLate({
  where,
  timeoutMilliseconds,
  trouble,
}: SourceState & { readonly timeoutMilliseconds: number }): string {
  const reason = trouble?.message ?? 'was asked and has not answered. Is it a Workload API, and is it well?';
  return `${where} gave no X.509-SVID within ${timeoutMilliseconds} ms: it ${reason}`;
}

/** What was given is over, and nothing newer came. */
export function describeExpired({
  where,
  spiffeId,
  trouble,
}: SourceState & { readonly spiffeId: string | undefined }): string {
  const reason =
    trouble?.message ?? 'has no newer one. Look into the log of the agent, and check the clocks.';
  return `The X.509-SVID ${spiffeId ?? ''} has expired. ${where} gave it; now it ${reason}`;
}

/** After `close()`. */
export function describeClosed(): string {
  return 'The provider of X.509-SVIDs was closed. Make a new one with fromSpiffe().';
}
