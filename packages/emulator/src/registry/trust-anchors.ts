import { judgeTrustAnchor, parseCertificates, type Certificate, type Finding } from '@rolesanywhere/pki';
import { ControlPlaneError } from '../errors.js';
import { assertResourceName, resourceArn, resourceId, type RegistryContext } from './resource-rules.js';

/** A CA registered with the emulator. */
export interface TrustAnchor {
  readonly trustAnchorArn: string;
  readonly trustAnchorId: string;
  readonly name: string;
  readonly enabled: boolean;
  /** One or two, each a root or an intermediate CA. */
  readonly certificates: readonly Certificate[];
  readonly createdAt: Date;
}

/** What a trust anchor is made of. */
export interface TrustAnchorInit {
  /** 1 to 255 letters, digits, spaces, `-`, `_`. */
  readonly name: string;
  /** PEM of one or two CA certificates, in one text or several. */
  readonly certificates: string | readonly string[];
  /** Default true (the service's own default is false). */
  readonly enabled?: boolean;
  /** A lower-case UUID, where a test wants a known ARN. Default: a new one. */
  readonly trustAnchorId?: string;
}

/**
 * Makes a trust anchor after checking its CA certificates by the service's rules: X.509 v3, `CA:TRUE`, `keyCertSign`,
 * SHA-256 or stronger.
 *
 * @throws ControlPlaneError `ValidationException`, for example `Incorrect basic constraints for CA certificate`
 * @see AWS IAM Roles Anywhere User Guide, "Trust model"
 */
export function createTrustAnchor(init: TrustAnchorInit, context: RegistryContext): TrustAnchor {
  assertResourceName(init.name);
  const certificates = readCertificates(init.certificates);
  const now = context.clock();
  for (const certificate of certificates) {
    const finding = judgeTrustAnchor(certificate, now).find(({ severity }) => severity === 'refusal');
    if (finding !== undefined) throw new ControlPlaneError('ValidationException', textOf(finding));
  }
  const trustAnchorId = resourceId(init.trustAnchorId, context.random);
  return {
    trustAnchorArn: resourceArn(context, 'trust-anchor', trustAnchorId),
    trustAnchorId,
    name: init.name,
    enabled: init.enabled ?? true,
    certificates,
    createdAt: now,
  };
}

/** The service has one text for both; what it says about the rest is not published, so the finding speaks. */
function textOf({ code, message }: Finding): string {
  const isCaRule = code === 'NOT_A_CA' || code === 'KEY_CERT_SIGN_MISSING';
  return isCaRule ? 'Incorrect basic constraints for CA certificate' : message;
}

function readCertificates(pem: string | readonly string[]): readonly Certificate[] {
  const certificates = [pem].flat().flatMap(parse);
  if (certificates.length < 1 || certificates.length > 2) {
    throw new ControlPlaneError(
      'ValidationException',
      `A trust anchor holds 1 or 2 certificates, and ${certificates.length} were given`,
    );
  }
  return certificates;
}

function parse(pem: string): readonly Certificate[] {
  try {
    return parseCertificates(pem);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new ControlPlaneError('ValidationException', `Invalid certificate in trust anchor: ${reason}`);
  }
}
