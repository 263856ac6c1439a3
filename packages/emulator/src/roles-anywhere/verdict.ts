import type { CreateSessionParameters } from './create-session-parameters.js';
import type { RefusalReason } from './refusal.js';
import type { UnmappedAttribute } from './session-tags.js';

/** Something noticed that did not lead to a refusal, or not by itself. */
export interface VerdictFinding {
  /** A refusal reason that `lenient` let pass, a warning code of `@rolesanywhere/pki`, or one of the emulator's own. */
  readonly code: string;
  readonly message: string;
}

/** What the emulator derived from the request to check its signature. */
export interface SignatureDetails {
  readonly algorithm: string;
  readonly signedHeaders: readonly string[];
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  /** Under a mount prefix: the same over the full path, which is accepted too. */
  readonly overFullPath?: { readonly canonicalRequest: string; readonly stringToSign: string };
}

/** The certificate of the request. */
export interface CertificateDetails {
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the DER in lower-case hex, the service's certificateId. */
  readonly sha256: string;
}

/** The session that the certificate earned. No credentials. */
export interface SessionDetails {
  readonly roleSessionName: string;
  readonly durationSeconds: number;
  readonly sourceIdentity: string;
  readonly sessionTags: Readonly<Record<string, string>>;
  readonly unmappedAttributes: readonly UnmappedAttribute[];
}

/** What was found out on the way; a member is there as soon as its step was reached. */
export interface VerdictDetails {
  readonly parameters?: CreateSessionParameters;
  readonly certificate?: CertificateDetails;
  readonly signature?: SignatureDetails;
  /** Subjects from the certificate to the trust anchor. */
  readonly path?: readonly string[];
  readonly session?: SessionDetails;
  /** For a trust policy that refused: one line for each statement. */
  readonly trustPolicy?: readonly string[];
}

interface VerdictBase extends VerdictDetails {
  readonly requestId: string;
  /** The emulator's clock. */
  readonly at: Date;
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly findings: readonly VerdictFinding[];
}

/** A session was granted. */
export interface AcceptedVerdict extends VerdictBase {
  readonly outcome: 'accepted';
  readonly assumedRoleArn: string;
  readonly expiration: Date;
}

/** The request was refused. */
export interface RefusedVerdict extends VerdictBase {
  readonly outcome: 'refused';
  /** The true cause. */
  readonly reason: RefusalReason;
  /** The true cause in words. */
  readonly message: string;
  /** As sent in `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** As sent in the body. */
  readonly text: string;
  /** True when the live service's text for this cause is not known. */
  readonly emulatorText: boolean;
}

/** One decision of the emulator with everything a developer needs to see why. Holds no credentials. */
export type Verdict = AcceptedVerdict | RefusedVerdict;

/** Collects what the steps of one request find out. */
export interface Notebook {
  note(details: VerdictDetails): void;
  report(finding: VerdictFinding): void;
  read(): { readonly details: VerdictDetails; readonly findings: readonly VerdictFinding[] };
}

/** An empty notebook; later details replace earlier ones of the same name. */
export function createNotebook(): Notebook {
  let details: VerdictDetails = {};
  let findings: readonly VerdictFinding[] = [];
  return {
    note: (more) => {
      details = { ...details, ...more };
    },
    report: (finding) => {
      findings = [...findings, finding];
    },
    read: () => ({ details, findings }),
  };
}
