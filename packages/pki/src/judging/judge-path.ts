import type { Certificate } from '../certificate/certificate.js';
import { shorten } from '../shorten.js';
import { describe, refusal } from './create-finding.js';
import type { Finding } from './finding.js';
import { isSameCertificate } from './name-chaining.js';
import { createPathSearch, type CandidatePath, type PathSearch } from './path-search.js';
import type { JudgePathInput, PathVerdict } from './path-verdict.js';
import { requireInstant } from './require-instant.js';
import { criticalExtensionFindings } from './rules/critical-extension-findings.js';
import { duplicateSerialFindings } from './rules/duplicate-serial-findings.js';
import { endEntityFindings } from './rules/end-entity-findings.js';
import { issuerFindings } from './rules/issuer-findings.js';
import { linkFindings } from './rules/link-findings.js';
import { nameConstraintFindings } from './rules/name-constraint-findings.js';
import { createRevocationLookup, type RevocationLookup } from './rules/revocation-findings.js';
import { validityFindings } from './rules/validity-findings.js';

/** Paths that are judged whole before the best of them is taken. */
const MOST_PATHS = 64;

/**
 * Builds the paths from the leaf to a trust anchor and judges them by RFC 5280 §6 and by the rules of IAM Roles
 * Anywhere. A path without a refusal wins; otherwise the verdict is about the one with the fewest, so that a complete
 * but expired path is told as `CERTIFICATE_EXPIRED`, not as a missing one. When no signature chain leads to an anchor,
 * but names and key identifiers do, the path is given and the finding says which signature is wrong.
 *
 * A trust anchor is a name and a key: it may be an intermediate, and its own issuer is not looked at. Its dates, name
 * constraints and path length count. Whether it may be one at all is for {@link judgeTrustAnchor}.
 *
 * The work is bounded: 128 signatures, 2048 steps, 12 certificates in a path. Whatever the certificates are like, it
 * answers.
 *
 * @throws PkiError `INVALID_OPTION` when `at` is not a date
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { judgePath, parseCertificate, parseCertificates } from '@rolesanywhere/pki';
 *
 * const verdict = judgePath({
 *   leaf: parseCertificate(readFileSync('server.crt')),
 *   candidates: parseCertificates(readFileSync('chain.pem')),
 *   trustAnchors: [parseCertificate(readFileSync('ca.crt'))],
 *   at: new Date(),
 * });
 * for (const { code, message } of verdict.findings) console.log(code, message);
 * ```
 * @see RFC 5280 §6; IAM Roles Anywhere User Guide, trust model
 */
export function judgePath(input: JudgePathInput): PathVerdict {
  const { leaf, trustAnchors } = input;
  requireInstant(input.at);
  if (trustAnchors.some((anchor) => isSameCertificate(anchor, leaf))) {
    return { accepted: false, path: [leaf], findings: [leafIsAnchor(leaf), ...leafFindings(input)] };
  }
  const search = createPathSearch(input);
  const best = bestVerdict(search, input);
  if (best?.accepted) return best;
  const limit = search.wasCutShort() ? [limitReached(leaf)] : [];
  if (best !== undefined) return { ...best, findings: [...limit, ...best.findings] };
  return {
    accepted: false,
    path: [],
    findings: [noPath(leaf, search.deadEnd()), ...limit, ...leafFindings(input)],
  };
}

function bestVerdict(search: PathSearch, input: JudgePathInput): PathVerdict | undefined {
  const lookUp = createRevocationLookup(input.revocationLists ?? [], input);
  for (const kind of ['verified', 'named'] as const) {
    const verdicts: PathVerdict[] = [];
    for (const path of search.paths(kind)) {
      const verdict = judgeCandidate(path, input, lookUp);
      verdicts.push(verdict);
      if (verdict.accepted || verdicts.length === MOST_PATHS) break;
    }
    // Sorting is stable: of equals the first guess of the search stays first.
    const [best] = verdicts.toSorted((a, b) => refusals(a) - refusals(b));
    if (best !== undefined) return best;
  }
  return undefined;
}

function refusals({ findings }: PathVerdict): number {
  return findings.filter(({ severity }) => severity === 'refusal').length;
}

function judgeCandidate(
  candidate: CandidatePath,
  input: JudgePathInput,
  lookUp: RevocationLookup,
): PathVerdict {
  const path = candidate.certificates;
  const findings = [
    ...linkFindings(candidate),
    ...issuerFindings(path),
    ...path.slice(1).flatMap((certificate) => criticalExtensionFindings(certificate, 'path')),
    ...nameConstraintFindings(path),
    ...duplicateSerialFindings(path.slice(0, -1), input.candidates),
    ...endEntityFindings(input.leaf, { requireClientAuthEku: input.requireClientAuthEku === true }),
    ...path.flatMap((certificate) => validityFindings(certificate, input.at)),
    ...path.flatMap((certificate, index) => {
      const issuer = path[index + 1];
      return issuer === undefined ? [] : lookUp(certificate, issuer);
    }),
  ];
  return { accepted: findings.every(({ severity }) => severity === 'warning'), path, findings };
}

function leafFindings({ leaf, at, requireClientAuthEku }: JudgePathInput): readonly Finding[] {
  return [
    ...endEntityFindings(leaf, { requireClientAuthEku: requireClientAuthEku === true }),
    ...validityFindings(leaf, at),
  ];
}

function noPath(leaf: Certificate, deadEnd: Certificate): Finding {
  const message = `No path leads from the certificate ${describe(leaf)} to a trust anchor: no certificate with a fitting key was given for the issuer "${shorten(deadEnd.issuer.text)}" of ${describe(deadEnd)}. Send the missing intermediates, or register the CA that issued the certificate.`;
  return refusal('NO_PATH_TO_TRUST_ANCHOR', { group: 'path', certificate: deadEnd, message });
}

function limitReached(certificate: Certificate): Finding {
  const message = `The search for a path from the certificate ${describe(certificate)} was ended before it was complete: send only the intermediates that belong to it.`;
  return refusal('PATH_SEARCH_LIMIT_REACHED', { group: 'path', certificate, message });
}

function leafIsAnchor(certificate: Certificate): Finding {
  const message = `The certificate ${describe(certificate)} is itself a trust anchor: use a certificate that the trust anchor issued.`;
  return refusal('LEAF_IS_TRUST_ANCHOR', { group: 'path', certificate, message });
}
