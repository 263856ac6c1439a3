import type { Certificate } from '../../certificate/certificate.js';
import type { CertificateRevocationList } from '../../crl/certificate-revocation-list.js';
import { shorten } from '../../shorten.js';
import { describe, refusal, warning } from '../create-finding.js';
import type { Finding, FindingCode } from '../finding.js';
import { nameKey } from '../name-chaining.js';
import { verifySignature, type MlDsaVerifier } from '../verify-signature.js';

/** The findings of one certificate by the lists of its issuer. */
export type RevocationLookup = (certificate: Certificate, issuer: Certificate) => readonly Finding[];

/** What lists are judged by. */
export interface RevocationRules {
  readonly at: Date;
  readonly verifyMlDsa?: MlDsaVerifier;
}

/**
 * A look-up in the given lists at an instant. A list that cannot be used is reported and passed over; one whose
 * nextUpdate is past is reported and used. Each list is verified once for each issuer.
 *
 * @see RFC 5280 §6.3.3; IAM Roles Anywhere User Guide, revocation
 */
export function createRevocationLookup(
  lists: readonly CertificateRevocationList[],
  rules: RevocationRules,
): RevocationLookup {
  const judged = new Map<CertificateRevocationList, Map<Certificate, readonly Finding[]>>();
  const problemsOf = (list: CertificateRevocationList, issuer: Certificate): readonly Finding[] => {
    const ofList = judged.get(list) ?? new Map<Certificate, readonly Finding[]>();
    const problems = ofList.get(issuer) ?? listFindings(list, issuer, rules);
    judged.set(list, ofList.set(issuer, problems));
    return problems;
  };
  return (certificate, issuer) => {
    const ofIssuer = lists.filter((list) => nameKey(list.issuer) === nameKey(certificate.issuer));
    const usable = ofIssuer.filter((list) => isUsable(problemsOf(list, issuer)));
    return [
      ...ofIssuer.flatMap((list) => problemsOf(list, issuer)),
      ...usable.flatMap((list) => entryFindings(list, certificate)),
    ];
  };
}

const DATE_CODES: ReadonlySet<FindingCode> = new Set(['CRL_EXPIRED', 'CRL_NOT_YET_VALID']);

function isUsable(problems: readonly Finding[]): boolean {
  return problems.every(({ code }) => DATE_CODES.has(code));
}

function listFindings(
  list: CertificateRevocationList,
  issuer: Certificate,
  { at, verifyMlDsa }: RevocationRules,
): readonly Finding[] {
  const [firstCritical] = list.criticalExtensions;
  if (firstCritical !== undefined) {
    const problem = `is a delta, indirect or partitioned list (critical extension ${firstCritical}): import a complete one`;
    return [warn('CRL_CRITICAL_EXTENSION_UNKNOWN', list, problem)];
  }
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.usages.includes('cRLSign')) {
    return [
      warn('CRL_SIGN_MISSING', list, 'is from a CA without the key usage cRLSign: issue the CA with it'),
    ];
  }
  if (verifySignature(list, issuer.publicKey, verifyMlDsa) !== 'valid') {
    return [
      warn('CRL_SIGNATURE_INVALID', list, 'was not signed by that CA: import the list of the right CA'),
    ];
  }
  if (at < list.thisUpdate) {
    return [warn('CRL_NOT_YET_VALID', list, `begins at ${list.thisUpdate.toISOString()}: check the clock`)];
  }
  if (list.nextUpdate === undefined || at <= list.nextUpdate) return [];
  return [
    warn(
      'CRL_EXPIRED',
      list,
      `should have been replaced by ${list.nextUpdate.toISOString()}: import the next one`,
    ),
  ];
}

/** removeFromCRL is of delta lists only; anywhere else it says that the certificate is good. */
function entryFindings(list: CertificateRevocationList, certificate: Certificate): readonly Finding[] {
  const entry = list.revoked.find(({ serialNumber }) => serialNumber === certificate.serialNumber);
  if (entry === undefined || entry.reason === 'removeFromCRL') return [];
  const reason = entry.reason === undefined ? '' : ` (${entry.reason})`;
  const message = `The certificate ${describe(certificate)} was revoked at ${entry.revocationDate.toISOString()}${reason}: issue a new one.`;
  return [refusal('CERTIFICATE_REVOKED', { group: 'revocation', certificate, message })];
}

function warn(code: FindingCode, list: CertificateRevocationList, problem: string): Finding {
  const message = `The revocation list of "${shorten(list.issuer.text)}" ${problem}.`;
  return warning(code, { group: 'revocation', message });
}
