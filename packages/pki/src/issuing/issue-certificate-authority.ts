import type { CertificateOptions } from './certificate-options.js';
import { issue } from './issue.js';
import type { IssuedCertificate } from './issued-certificate.js';

/** Options of {@link issueCertificateAuthority}. */
export interface IssueCertificateAuthorityInit extends CertificateOptions {
  /** Absent: self-signed. */
  readonly issuer?: IssuedCertificate;
  /** pathLenConstraint; default: none. Of no effect beside `basicConstraints`. */
  readonly pathLength?: number;
}

/**
 * Issues a CA certificate that a trust anchor accepts: version 3, CA:TRUE, keyCertSign and cRLSign, SHA-256,
 * valid for 3650 days from now; self-signed, or signed by `issuer` as an intermediate.
 *
 * @throws PkiError `INVALID_OPTION` for an option out of its limits, `ISSUING_FAILED` when the runtime lacks the key
 * algorithm or the issuer's key cannot sign
 * @example
 * ```ts
 * import { issueCertificateAuthority } from '@rolesanywhere/pki';
 *
 * const root = await issueCertificateAuthority({
 *   subject: 'CN=Example Root CA, O=Example',
 *   keyAlgorithm: { type: 'RSA', modulusLength: 4096 },
 * });
 * const intermediate = await issueCertificateAuthority({
 *   subject: 'CN=Example Issuing CA, O=Example',
 *   issuer: root,
 *   pathLength: 0,
 * });
 * console.log(intermediate.certificate.issuer.text);
 * ```
 * @see RFC 5280 §4; IAM Roles Anywhere User Guide, trust model
 */
export async function issueCertificateAuthority(
  init: IssueCertificateAuthorityInit,
): Promise<IssuedCertificate> {
  const { issuer, pathLength } = init;
  return issue(init, {
    issuer,
    basicConstraints: { ca: true, ...(pathLength === undefined ? {} : { pathLength }) },
    keyUsage: ['keyCertSign', 'cRLSign'],
    extendedKeyUsage: [],
    lifetimeDays: 3650,
  });
}
