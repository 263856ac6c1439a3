import type { Certificate } from '../../certificate/certificate.js';
import { EXTENSION_OID } from '../../certificate/extension-oids.js';
import { describe, refusal } from '../create-finding.js';
import type { Finding, FindingGroup } from '../finding.js';

/**
 * Understood when critical. Policies are among them because nobody here asks for one: RFC 5280 §6.1 with
 * any-policy as the initial set and without an explicit policy, as `openssl verify` does by default.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION_OID.keyUsage,
  EXTENSION_OID.subjectAlternativeName,
  EXTENSION_OID.basicConstraints,
  EXTENSION_OID.nameConstraints,
  EXTENSION_OID.crlDistributionPoints,
  EXTENSION_OID.certificatePolicies,
  EXTENSION_OID.policyMappings,
  EXTENSION_OID.policyConstraints,
  EXTENSION_OID.extendedKeyUsage,
  EXTENSION_OID.inhibitAnyPolicy,
  EXTENSION_OID.ocspNoCheck,
]);

/** @see RFC 5280 §4.2, §6.1.4 (o), §6.1.5 (f) */
export function criticalExtensionFindings(certificate: Certificate, group: FindingGroup): readonly Finding[] {
  const unknown = certificate.criticalExtensions.filter((oid) => !UNDERSTOOD.has(oid));
  if (unknown.length === 0) return [];
  const message = `The certificate ${describe(certificate)} has critical extensions that are not understood (${unknown.slice(0, 5).join(', ')}): issue it without them.`;
  return [refusal('CRITICAL_EXTENSION_UNKNOWN', { group, certificate, message })];
}
