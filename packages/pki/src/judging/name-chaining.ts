import type { Certificate } from '../certificate/certificate.js';
import type { DistinguishedName } from '../names/distinguished-name.js';

/** A key for maps: equal for names that are equal. @see RFC 5280 §7.1 */
export function nameKey(name: DistinguishedName): string {
  return name.normalized.join('\n');
}

/** True when subject and issuer are the same name. @see RFC 5280 §6.1 */
export function isSelfIssued(certificate: Certificate): boolean {
  return nameKey(certificate.subject) === nameKey(certificate.issuer);
}

/** True when both are the same octets. */
export function isSameCertificate(a: Certificate, b: Certificate): boolean {
  return areEqualBytes(a.der, b.der);
}

export function areEqualBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/**
 * Does the certificate's authority key identifier name this issuer's key?
 * `unknown` when one of the two identifiers is absent. @see RFC 5280 §4.2.1.1
 */
export function keyIdentifierMatch(certificate: Certificate, issuer: Certificate): 'yes' | 'no' | 'unknown' {
  const { authorityKeyIdentifier } = certificate;
  const { subjectKeyIdentifier } = issuer;
  if (authorityKeyIdentifier === undefined || subjectKeyIdentifier === undefined) return 'unknown';
  return areEqualBytes(authorityKeyIdentifier, subjectKeyIdentifier) ? 'yes' : 'no';
}
