import type { Certificate } from '../../certificate/certificate.js';
import { shorten } from '../../shorten.js';
import { describe, refusal } from '../create-finding.js';
import type { Finding } from '../finding.js';
import { keyIdentifierMatch } from '../name-chaining.js';
import type { CandidatePath } from '../path-search.js';
import type { SignatureCheck } from '../verify-signature.js';

/** What is wrong between a certificate and its issuer. @see RFC 5280 §6.1.3 (a)(1), §4.2.1.1 */
export function linkFindings({ certificates, signatures }: CandidatePath): readonly Finding[] {
  return certificates.flatMap((certificate, index) => {
    const issuer = certificates[index + 1];
    if (issuer === undefined) return [];
    return [
      ...signatureFindings(certificate, signatures[index] ?? 'invalid'),
      ...keyIdentifierFindings(certificate, issuer),
    ];
  });
}

function signatureFindings(certificate: Certificate, check: SignatureCheck): readonly Finding[] {
  const base = { group: 'path', certificate } as const;
  if (check === 'valid') return [];
  if (check === 'invalid') {
    const message = `The signature of the certificate ${describe(certificate)} was not made by its issuer "${shorten(certificate.issuer.text)}": send the certificate as it was issued, or the CA that issued it.`;
    return [refusal('SIGNATURE_INVALID', { ...base, message })];
  }
  const message = `This runtime cannot verify the ${certificate.signatureAlgorithm.name} signature of the certificate ${describe(certificate)}: ML-DSA needs Node.js 24.6 or newer, or @noble/post-quantum.`;
  return [refusal('SIGNATURE_ALGORITHM_UNSUPPORTED', { ...base, message })];
}

function keyIdentifierFindings(certificate: Certificate, issuer: Certificate): readonly Finding[] {
  if (keyIdentifierMatch(certificate, issuer) !== 'no') return [];
  const message = `The authority key identifier of the certificate ${describe(certificate)} is not the subject key identifier of its issuer ${describe(issuer)}: issue it again.`;
  return [refusal('AUTHORITY_KEY_IDENTIFIER_MISMATCH', { group: 'path', certificate, message })];
}
