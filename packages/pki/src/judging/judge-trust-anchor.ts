import type { Certificate } from '../certificate/certificate.js';
import { describe, refusal } from './create-finding.js';
import type { Finding } from './finding.js';
import { requireInstant } from './require-instant.js';
import { criticalExtensionFindings } from './rules/critical-extension-findings.js';
import { authorityFindings } from './rules/issuer-findings.js';
import { strengthFindings } from './rules/strength-findings.js';
import { validityFindings } from './rules/validity-findings.js';

/**
 * The rules for a CA certificate of a trust anchor: version 3, CA:TRUE, key usage present with keyCertSign, SHA-256 or
 * stronger, an RSA (2048 or larger), EC or ML-DSA key, valid at the instant. Root or intermediate makes no difference.
 * An empty answer is a good certificate.
 *
 * @throws PkiError `INVALID_OPTION` when `at` is not a date
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { judgeTrustAnchor, parseCertificate } from '@rolesanywhere/pki';
 *
 * const findings = judgeTrustAnchor(parseCertificate(readFileSync('ca.crt')), new Date());
 * if (findings.some(({ severity }) => severity === 'refusal')) console.error(findings);
 * ```
 * @see IAM Roles Anywhere User Guide, trust model
 */
export function judgeTrustAnchor(certificate: Certificate, at: Date): readonly Finding[] {
  requireInstant(at);
  return [
    ...(certificate.version === 3 ? extensionFindings(certificate) : [versionFinding(certificate)]),
    ...strengthFindings(certificate, 'path'),
    ...criticalExtensionFindings(certificate, 'path'),
    ...validityFindings(certificate, at),
  ];
}

function extensionFindings(certificate: Certificate): readonly Finding[] {
  if (certificate.keyUsage !== undefined) return authorityFindings(certificate);
  const message = `The CA certificate ${describe(certificate)} has no key usage: issue it with keyCertSign.`;
  return [
    ...authorityFindings(certificate),
    refusal('KEY_CERT_SIGN_MISSING', { group: 'path', certificate, message }),
  ];
}

function versionFinding(certificate: Certificate): Finding {
  const message = `The CA certificate ${describe(certificate)} is of version ${certificate.version}: issue it with extensions, which makes version 3.`;
  return refusal('NOT_VERSION_3', { group: 'path', certificate, message });
}
