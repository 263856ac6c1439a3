import type { Certificate } from '../../certificate/certificate.js';
import { describe, refusal } from '../create-finding.js';
import type { Finding, FindingCode } from '../finding.js';
import { isSelfIssued } from '../name-chaining.js';
import { strengthFindings } from './strength-findings.js';

/** The rules of CAs on a path of leaf, intermediates and trust anchor. @see RFC 5280 §6.1.4 (k) to (n) */
export function issuerFindings(path: readonly Certificate[]): readonly Finding[] {
  return path.flatMap((issuer, index) => {
    if (index === 0) return [];
    const isAnchor = index === path.length - 1;
    return [
      ...(isAnchor ? anchorFindings(issuer) : intermediateFindings(issuer)),
      ...pathLengthFindings(issuer, path.slice(1, index)),
    ];
  });
}

function intermediateFindings(issuer: Certificate): readonly Finding[] {
  const strength = strengthFindings(issuer, 'path');
  if (issuer.version === 3) return [...authorityFindings(issuer), ...strength];
  const problem = `is of version ${issuer.version}: issue it with extensions, which makes version 3`;
  return [refuse('NOT_VERSION_3', issuer, problem), ...strength];
}

/**
 * To RFC 5280 an anchor is a name and a key. Like OpenSSL this takes one that does not say whether it is a CA when it
 * is a self-issued one of before version 3, or may sign certificates by its key usage; `judgeTrustAnchor` is stricter.
 */
function anchorFindings(anchor: Certificate): readonly Finding[] {
  const isOldRoot = anchor.version < 3 && isSelfIssued(anchor);
  const mayIssue = anchor.keyUsage?.usages.includes('keyCertSign') === true;
  const isTolerated = anchor.basicConstraints === undefined && (isOldRoot || mayIssue);
  return isTolerated ? [] : authorityFindings(anchor);
}

/** Basic constraints, and key usage where it is present. */
export function authorityFindings(issuer: Certificate): readonly Finding[] {
  const isAuthority = issuer.basicConstraints?.ca === true;
  const canSign = issuer.keyUsage === undefined || issuer.keyUsage.usages.includes('keyCertSign');
  return [
    ...(isAuthority
      ? []
      : [refuse('NOT_A_CA', issuer, 'is not a CA: issue it with basicConstraints CA:TRUE')]),
    ...(canSign
      ? []
      : [refuse('KEY_CERT_SIGN_MISSING', issuer, 'lacks the key usage keyCertSign: issue it with it')]),
  ];
}

/** Self-issued intermediates do not count (RFC 5280 §6.1.4 (l)); the leaf never does. */
function pathLengthFindings(issuer: Certificate, below: readonly Certificate[]): readonly Finding[] {
  const limit = issuer.basicConstraints?.pathLength;
  const count = below.filter((certificate) => !isSelfIssued(certificate)).length;
  if (limit === undefined || count <= limit) return [];
  const problem = `allows ${limit} intermediates below it, and there are ${count}: issue it with a larger path length`;
  return [refuse('PATH_LENGTH_EXCEEDED', issuer, problem)];
}

function refuse(code: FindingCode, certificate: Certificate, problem: string): Finding {
  const message = `The CA certificate ${describe(certificate)} ${problem}.`;
  return refusal(code, { group: 'path', certificate, message });
}
