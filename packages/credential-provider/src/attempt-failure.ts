import type { SessionErrorInit } from './errors.js';

/** Why one attempt brought no session. The last one of a call becomes its {@link SessionError}. */
export interface AttemptFailure extends SessionErrorInit {
  /** True for what cannot get better by trying again, such as an untrusted TLS certificate. */
  readonly permanent?: boolean;
  /** True for a refusal with the text that a wrong clock gives. */
  readonly invalidSignature?: boolean;
}
