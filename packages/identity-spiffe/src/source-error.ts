import { IdentityError } from '@rolesanywhere/signer';
import type { WorkloadApiError } from './workload-api/workload-api-error.js';

/** What is known when nothing valid is in hand. */
export interface SourceState {
  /** Begins the message: "The SPIFFE Workload API at …". */
  readonly where: string;
  readonly trouble: WorkloadApiError | undefined;
}

/** The agent, or what answered in its place, gave no identity, and it is no use to wait. */
export function failed(where: string, trouble: WorkloadApiError): IdentityError {
  return unavailable(`${where} ${trouble.message}`, trouble);
}

/** Nothing came in time. */
export function late({
  where,
  timeoutMilliseconds,
  trouble,
}: SourceState & { readonly timeoutMilliseconds: number }): IdentityError {
  const reason = trouble?.message ?? 'was asked and has not answered. Is it a Workload API, and is it well?';
  return unavailable(`${where} gave no X.509-SVID within ${timeoutMilliseconds} ms: it ${reason}`, trouble);
}

/** What was given is over, and nothing newer came. */
export function expired({
  where,
  spiffeId,
  trouble,
}: SourceState & { readonly spiffeId: string | undefined }): IdentityError {
  const reason =
    trouble?.message ?? 'has no newer one. Look into the log of the agent, and check the clocks.';
  const message = `The X.509-SVID ${spiffeId ?? ''} has expired. ${where} gave it; now it ${reason}`;
  return new IdentityError({ code: 'CERTIFICATE_EXPIRED', message, cause: trouble });
}

/** After `close()`. */
export function closed(): IdentityError {
  return unavailable('The provider of X.509-SVIDs was closed. Make a new one with fromSpiffe().');
}

function unavailable(message: string, cause?: unknown): IdentityError {
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message, cause });
}
