/**
 * What a failure means for those who wait and for the connection.
 * - `unavailable`: the agent is away, busy or broke off. Connect again; who waits goes on waiting.
 * - `denied`: no identity is issued to this process, yet. The same, and what was held is given up.
 * - `foreign`: what answered is no Workload API, or a broken one. Connect again, but tell who waits at once.
 * - `refused`: it will not be otherwise the next time. Do not connect again.
 */
export type WorkloadApiFault = 'unavailable' | 'denied' | 'foreign' | 'refused';

/** A failure of the stream. The message follows "The SPIFFE Workload API at …" and holds nothing that was received as a secret. */
export class WorkloadApiError extends Error {
  override name: string = 'WorkloadApiError';
  readonly fault: WorkloadApiFault;

  constructor(fault: WorkloadApiFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}
