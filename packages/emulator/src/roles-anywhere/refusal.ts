import type { FindingCode } from '@rolesanywhere/pki';

/**
 * Why CreateSession was refused: the true cause, where the service's own text is the same for many. Beside these, a
 * certificate or path that is not acceptable carries the finding code of `@rolesanywhere/pki` as its reason.
 */
export const REFUSAL_REASONS = [
  // the request as such
  'ROUTE_NOT_FOUND',
  'QUERY_MALFORMED',
  'DUPLICATE_QUERY_KEY',
  'BODY_MALFORMED',
  'PARAMETERS_CONFLICT',
  'PARAMETERS_INVALID',
  // headers and their signature
  'HEADER_MISSING',
  'DUPLICATE_HEADER',
  'CERTIFICATE_HEADER_MALFORMED',
  'EMPTY_CHAIN_HEADER',
  'AUTHORIZATION_MALFORMED',
  'ALGORITHM_UNKNOWN',
  'ALGORITHM_MISMATCH',
  'SERIAL_NOT_DECIMAL',
  'SERIAL_MISMATCH',
  'SCOPE_DATE_MISMATCH',
  'SCOPE_REGION_WRONG',
  'SCOPE_SERVICE_WRONG',
  'SCOPE_TERMINATOR_WRONG',
  'DATE_MALFORMED',
  'CLOCK_SKEWED',
  'HEADER_NOT_SIGNED',
  'SIGNED_HEADER_ABSENT',
  'SIGNATURE_NOT_DER',
  'SIGNATURE_WRONG',
  // trust anchor and certificate
  'TRUST_ANCHOR_NOT_FOUND',
  'TRUST_ANCHOR_DISABLED',
  'CHAIN_TOO_LONG',
  'CHAIN_MALFORMED',
  // profile and role
  'PROFILE_NOT_FOUND',
  'PROFILE_DISABLED',
  'ROLE_NOT_IN_PROFILE',
  'INSTANCE_PROPERTIES_MISSING',
  'SESSION_NAME_NOT_ACCEPTED',
  'ROLE_NOT_FOUND',
  'TRUST_POLICY_REFUSED',
  'TRUST_POLICY_UNKNOWN_OPERATOR',
  'DURATION_ABOVE_ROLE_MAXIMUM',
  'ASSUME_ROLE_REFUSED',
  // the emulator itself
  'EMULATOR_FAILED',
] as const;
/** One of {@link REFUSAL_REASONS}, or a finding code of `@rolesanywhere/pki`. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number] | FindingCode;

/** What goes over the wire: the service's status, error type and text. */
export interface RefusalAnswer {
  readonly status: number;
  readonly errorType: string;
  readonly text: string;
  /** True when no text of the live service is known for this cause, and the emulator made one. */
  readonly emulatorText: boolean;
}

/** Thrown by the steps of CreateSession, and turned into an answer and a verdict in one place. Never leaves the handler. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly answer: RefusalAnswer;

  constructor(reason: RefusalReason, message: string, answer: RefusalAnswer) {
    super(message);
    this.reason = reason;
    this.answer = answer;
  }
}

/** 403 with a text of the live service. */
export function accessDenied(text: string): RefusalAnswer {
  return { status: 403, errorType: 'AccessDeniedException', text, emulatorText: false };
}

/** 403 with a text of the emulator's own, since nobody has published the service's. */
export function accessDeniedInOwnWords(text: string): RefusalAnswer {
  return { ...accessDenied(text), emulatorText: true };
}

/** 400 for parameters that break the operation's rules. */
export function validationAnswer(text: string): RefusalAnswer {
  return { status: 400, errorType: 'ValidationException', text, emulatorText: false };
}

/** The flat answer to everything that is wrong with the signature, the clock included. */
export function invalidSignature(reason: RefusalReason, message: string): Refusal {
  return new Refusal(reason, message, accessDenied('Invalid signature'));
}
