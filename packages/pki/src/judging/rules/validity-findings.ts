import type { Certificate } from '../../certificate/certificate.js';
import { describe, refusal } from '../create-finding.js';
import type { Finding } from '../finding.js';

/** Both bounds belong to the validity. @see RFC 5280 §4.1.2.5, §6.1.3 (a)(2) */
export function validityFindings(certificate: Certificate, at: Date): readonly Finding[] {
  const { notBefore, notAfter } = certificate;
  const base = { group: 'validity', certificate } as const;
  if (at < notBefore) {
    const message = `The certificate ${describe(certificate)} is valid from ${notBefore.toISOString()} on, and it is ${at.toISOString()}: check the clock, or wait.`;
    return [refusal('CERTIFICATE_NOT_YET_VALID', { ...base, message })];
  }
  if (at <= notAfter) return [];
  const message = `The certificate ${describe(certificate)} expired at ${notAfter.toISOString()}, and it is ${at.toISOString()}: issue a new one.`;
  return [refusal('CERTIFICATE_EXPIRED', { ...base, message })];
}
