import { parseCertificateRevocationList, type CertificateRevocationList } from '@rolesanywhere/pki';
import { ControlPlaneError } from '../errors.js';
import { isCrlSignedBy } from './crl-signature.js';
import { assertResourceName, resourceArn, resourceId, type RegistryContext } from './resource-rules.js';
import type { TrustAnchor } from './trust-anchors.js';

/** A certificate revocation list imported for a trust anchor. */
export interface ImportedCrl {
  readonly crlArn: string;
  readonly crlId: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly trustAnchorArn: string;
  readonly crl: CertificateRevocationList;
  readonly createdAt: Date;
}

/** What an imported CRL is made of. */
export interface CrlInit {
  readonly trustAnchorArn: string;
  /** PEM, up to 300,000 bytes. */
  readonly crl: string;
  /** 1 to 255 letters, digits, spaces, `-`, `_`. Default `crl`. */
  readonly name?: string;
  /** Default true (the service's own default is false). */
  readonly enabled?: boolean;
}

/**
 * Reads a CRL for a trust anchor and checks that a CA of the anchor signed it.
 *
 * @throws ControlPlaneError `ValidationException`
 * @see AWS IAM Roles Anywhere User Guide, "Revocation"; RFC 5280 section 6.3.3
 */
export function createCrl(init: CrlInit, anchor: TrustAnchor, context: RegistryContext): ImportedCrl {
  const { name = 'crl' } = init;
  assertResourceName(name);
  const crl = readCrl(init.crl);
  if (!anchor.certificates.some((issuer) => isCrlSignedBy(crl, issuer))) {
    throw new ControlPlaneError(
      'ValidationException',
      `The CRL of ${crl.issuer.text} is not signed by a certificate of ${anchor.trustAnchorArn} that may sign CRLs`,
    );
  }
  const crlId = resourceId(undefined, context.random);
  return {
    crlArn: resourceArn(context, 'crl', crlId),
    crlId,
    name,
    enabled: init.enabled ?? true,
    trustAnchorArn: anchor.trustAnchorArn,
    crl,
    createdAt: context.clock(),
  };
}

function readCrl(pem: string): CertificateRevocationList {
  if (pem.length < 1 || pem.length > 300_000) {
    throw new ControlPlaneError(
      'ValidationException',
      `A CRL is 1 to 300000 bytes of PEM, and this has ${pem.length}`,
    );
  }
  try {
    return parseCertificateRevocationList(pem);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new ControlPlaneError('ValidationException', `Invalid CRL: ${reason}`);
  }
}
