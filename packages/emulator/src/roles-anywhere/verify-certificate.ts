import { judgePath, type Certificate, type Finding } from '@rolesanywhere/pki';
import type { ImportedCrl } from '../registry/crls.js';
import type { TrustAnchor } from '../registry/trust-anchors.js';
import { loadMlDsaVerifier } from '../sigv4/load-ml-dsa-verifier.js';
import { decodeCertificate } from './certificate-headers.js';
import { accessDenied, accessDeniedInOwnWords, Refusal, type RefusalAnswer } from './refusal.js';
import type { Notebook } from './verdict.js';
import type { SignedRequest } from './verify-signature.js';

/** What a certificate is judged by. */
export interface CertificateRules {
  readonly trustAnchor: TrustAnchor;
  readonly crls: readonly ImportedCrl[];
  readonly now: Date;
  readonly requireClientAuthEku: boolean;
  readonly maximumChainLength: number;
  readonly notebook: Notebook;
}

/**
 * Judges the certificate against the trust anchor: path, end-entity rules, validity, revocation, in this order. The
 * chain is a pool of candidates: order, the certificate itself and roots in it do not matter.
 *
 * @throws Refusal with the finding code of `@rolesanywhere/pki` as reason
 * @see RFC 5280 section 6; AWS IAM Roles Anywhere User Guide, "Trust model"
 */
export async function verifyCertificate(request: SignedRequest, rules: CertificateRules): Promise<void> {
  const leaf = request.certificate;
  const candidates = decodeChain(request.chain, rules.maximumChainLength);
  const verifyMlDsa = [leaf, ...candidates].some(isSignedByMlDsa) ? await loadMlDsaVerifier() : undefined;
  const verdict = judgePath({
    leaf,
    candidates,
    trustAnchors: rules.trustAnchor.certificates,
    revocationLists: rules.crls.map(({ crl }) => crl),
    at: rules.now,
    requireClientAuthEku: rules.requireClientAuthEku,
    ...(verifyMlDsa && { verifyMlDsa }),
  });
  rules.notebook.note({ path: verdict.path.map(({ subject }) => subject.text) });
  for (const { code, message } of verdict.findings.filter(({ severity }) => severity === 'warning')) {
    rules.notebook.report({ code, message });
  }
  const refusals = verdict.findings.filter(({ severity }) => severity === 'refusal');
  const first = GROUPS.flatMap((group) => refusals.filter((finding) => finding.group === group))[0];
  if (first !== undefined) throw new Refusal(first.code, first.message, ANSWERS[first.group]);
}

function isSignedByMlDsa({ signatureAlgorithm }: Certificate): boolean {
  return signatureAlgorithm.name.startsWith('ML-DSA');
}

const GROUPS: readonly Finding['group'][] = ['path', 'endEntity', 'validity', 'revocation'];

const UNTRUSTED = accessDenied('Untrusted signing certificate');

const ANSWERS: Readonly<Record<Finding['group'], RefusalAnswer>> = {
  path: UNTRUSTED,
  endEntity: accessDenied('Untrusted certificate. Insufficient certificate'),
  validity: accessDeniedInOwnWords('Untrusted certificate. The certificate is not valid at this time'),
  revocation: accessDenied('Certificate revoked'),
};

function decodeChain(entries: readonly string[], maximum: number): readonly Certificate[] {
  if (entries.length > maximum) {
    throw new Refusal(
      'CHAIN_TOO_LONG',
      `X-Amz-X509-Chain has ${entries.length} certificates; ${maximum} are allowed`,
      UNTRUSTED,
    );
  }
  return entries.map((entry, index) => {
    const certificate = decodeCertificate(entry);
    if (certificate !== undefined) return certificate;
    throw new Refusal(
      'CHAIN_MALFORMED',
      `Entry ${index + 1} of X-Amz-X509-Chain is not a certificate`,
      UNTRUSTED,
    );
  });
}
