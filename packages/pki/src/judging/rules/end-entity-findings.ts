import type { Certificate } from '../../certificate/certificate.js';
import { PURPOSE_OID } from '../../certificate/purpose-oids.js';
import { describe, refusal, warning } from '../create-finding.js';
import type { Finding, FindingCode } from '../finding.js';
import { criticalExtensionFindings } from './critical-extension-findings.js';
import { strengthFindings } from './strength-findings.js';

/** The rules for the leaf. @see IAM Roles Anywhere User Guide, trust model */
export function endEntityFindings(
  leaf: Certificate,
  options: { readonly requireClientAuthEku: boolean },
): readonly Finding[] {
  return [
    ...(leaf.version === 3 ? extensionFindings(leaf, options) : [versionFinding(leaf)]),
    ...(leaf.subject.attributes.length === 0
      ? [refuse('SUBJECT_EMPTY', leaf, 'has an empty subject: give it a common name')]
      : []),
    ...strengthFindings(leaf, 'endEntity'),
    ...criticalExtensionFindings(leaf, 'endEntity'),
  ];
}

function versionFinding(leaf: Certificate): Finding {
  return refuse(
    'NOT_VERSION_3',
    leaf,
    `is of version ${leaf.version}: issue it with extensions, which makes version 3`,
  );
}

/** A certificate before version 3 has no extensions, so that these rules would only repeat the first finding. */
function extensionFindings(
  leaf: Certificate,
  { requireClientAuthEku }: { readonly requireClientAuthEku: boolean },
): readonly Finding[] {
  const isCa = leaf.basicConstraints?.ca === true;
  const canSign = leaf.keyUsage?.usages.includes('digitalSignature') === true;
  return [
    ...(isCa ? [refuse('LEAF_IS_CA', leaf, 'is a CA: issue it with basicConstraints CA:FALSE')] : []),
    ...(canSign
      ? []
      : [
          refuse('DIGITAL_SIGNATURE_MISSING', leaf, 'lacks the key usage digitalSignature: issue it with it'),
        ]),
    ...clientAuthFindings(leaf, requireClientAuthEku ? refusal : warning),
  ];
}

function clientAuthFindings(leaf: Certificate, verdict: typeof refusal): readonly Finding[] {
  const purposes = leaf.extendedKeyUsage?.purposes;
  // RFC 5280 §4.2.1.12: without the extension any purpose is allowed; who requires clientAuth wants it written.
  if (purposes === undefined && verdict === warning) return [];
  if (purposes?.some((purpose) => purpose === PURPOSE_OID.clientAuth || purpose === PURPOSE_OID.any))
    return [];
  const message = `The certificate ${describe(leaf)} does not have the extended key usage clientAuth: issue it with it.`;
  return [verdict('CLIENT_AUTH_MISSING', { group: 'endEntity', certificate: leaf, message })];
}

function refuse(code: FindingCode, certificate: Certificate, problem: string): Finding {
  const message = `The certificate ${describe(certificate)} ${problem}.`;
  return refusal(code, { group: 'endEntity', certificate, message });
}
