import type { CertificateOptions } from './certificate-options.js';
import { issue } from './issue.js';
import type { IssuedCertificate } from './issued-certificate.js';

/** Options of {@link issueCertificate}. */
export interface IssueCertificateInit extends CertificateOptions {
  readonly issuer: IssuedCertificate;
}

/**
 * Issues a client certificate that IAM Roles Anywhere accepts: version 3, CA:FALSE, digitalSignature, clientAuth,
 * SHA-256, valid for 365 days from now. The other options bend it, one fault each.
 *
 * @throws PkiError `INVALID_OPTION` for an option out of its limits, `ISSUING_FAILED` when the runtime lacks the key
 * algorithm or the issuer's key cannot sign
 * @example
 * ```ts
 * import { issueCertificate, issueCertificateAuthority } from '@rolesanywhere/pki';
 *
 * const issuer = await issueCertificateAuthority({ subject: 'CN=Example CA, O=Example' });
 * const server = await issueCertificate({ subject: 'CN=server, O=Example', issuer });
 * console.log(server.certificatePem, server.privateKeyPem);
 * ```
 * @see RFC 5280 §4; IAM Roles Anywhere User Guide, trust model
 */
export async function issueCertificate(init: IssueCertificateInit): Promise<IssuedCertificate> {
  return issue(init, {
    issuer: init.issuer,
    basicConstraints: { ca: false },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['clientAuth'],
    lifetimeDays: 365,
  });
}
