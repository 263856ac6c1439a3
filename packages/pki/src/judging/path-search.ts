import type { Certificate } from '../certificate/certificate.js';
import { isSameCertificate, keyIdentifierMatch, nameKey } from './name-chaining.js';
import type { JudgePathInput } from './path-verdict.js';
import { verifySignature, type MlDsaVerifier, type SignatureCheck } from './verify-signature.js';

/** A chain of names from the leaf to a trust anchor. */
export interface CandidatePath {
  /** Leaf first, trust anchor last. */
  readonly certificates: readonly Certificate[];
  /** `signatures[i]`: how `certificates[i]` verifies with the key of `certificates[i + 1]`. */
  readonly signatures: readonly SignatureCheck[];
}

/** Finds paths one by one, best guess first, within a fixed amount of work. */
export interface PathSearch {
  /** `verified`: every signature is valid. `named`: some are not, though names and key identifiers fit. */
  paths(kind: 'verified' | 'named'): Iterable<CandidatePath>;
  /** True once work was left undone. */
  wasCutShort(): boolean;
  /** The last certificate of the longest chain that found no issuer. */
  deadEnd(): Certificate;
}

/** Chains of this service have at most five intermediates; ten leave room for other uses. */
const MOST_CERTIFICATES = 12;

/** A pool of many same-named CAs is the only way to need so much; an honest one stays far below. */
const MOST_SIGNATURES = 128;
const MOST_STEPS = 2048;

export function createPathSearch(input: JudgePathInput): PathSearch {
  const anchors = groupBySubject(input.trustAnchors);
  const pool = groupBySubject(input.candidates.filter((candidate) => isIntermediate(candidate, input)));
  const signatureOf = createSignatureCache(input.verifyMlDsa);
  let steps = 0;
  let cutShort = false;
  let longest: readonly Certificate[] = [input.leaf];

  function* extend(path: CandidatePath, kind: 'verified' | 'named'): Generator<CandidatePath> {
    const child = path.certificates.at(-1) ?? input.leaf;
    if (path.certificates.length > longest.length) longest = path.certificates;
    for (const issuer of issuersOf(child, anchors, input.at)) {
      const link = linkTo(child, issuer, kind);
      if (link !== undefined) yield appended(path, issuer, link);
    }
    for (const issuer of issuersOf(child, pool, input.at)) {
      if (isRepeated(path, issuer)) continue;
      const link = linkTo(child, issuer, kind);
      if (link === undefined) continue;
      if (++steps > MOST_STEPS || path.certificates.length >= MOST_CERTIFICATES) cutShort = true;
      else yield* extend(appended(path, issuer, link), kind);
    }
  }

  function linkTo(
    child: Certificate,
    issuer: Certificate,
    kind: 'verified' | 'named',
  ): SignatureCheck | undefined {
    const check = signatureOf(child, issuer);
    if (check === undefined) cutShort = true;
    if (check === undefined || check === 'valid') return check;
    return kind === 'named' && keyIdentifierMatch(child, issuer) !== 'no' ? check : undefined;
  }

  return {
    paths: (kind) => extend({ certificates: [input.leaf], signatures: [] }, kind),
    wasCutShort: () => cutShort,
    deadEnd: () => longest.at(-1) ?? input.leaf,
  };
}

/** The leaf issues nothing, and where an anchor stands the path ends. */
function isIntermediate(candidate: Certificate, { leaf, trustAnchors }: JudgePathInput): boolean {
  return ![leaf, ...trustAnchors].some((other) => isSameCertificate(other, candidate));
}

function groupBySubject(certificates: readonly Certificate[]): ReadonlyMap<string, readonly Certificate[]> {
  const groups = new Map<string, Certificate[]>();
  const seen = new Set<string>();
  for (const certificate of certificates) {
    const der = Buffer.from(certificate.der).toString('latin1');
    if (seen.has(der)) continue;
    seen.add(der);
    const key = nameKey(certificate.subject);
    groups.set(key, [...(groups.get(key) ?? []), certificate]);
  }
  return groups;
}

/** The right key identifier first, then those valid at the instant, then the one that lasts longest. */
function issuersOf(
  child: Certificate,
  groups: ReadonlyMap<string, readonly Certificate[]>,
  at: Date,
): readonly Certificate[] {
  const rank = (issuer: Certificate): number => {
    const match = { yes: 0, unknown: 2, no: 4 }[keyIdentifierMatch(child, issuer)];
    return match + (issuer.notBefore <= at && at <= issuer.notAfter ? 0 : 1);
  };
  const named = groups.get(nameKey(child.issuer)) ?? [];
  return named.toSorted((a, b) => rank(a) - rank(b) || b.notAfter.getTime() - a.notAfter.getTime());
}

/** A name with the same key a second time is a loop: it adds nothing that the first did not. */
function isRepeated({ certificates }: CandidatePath, issuer: Certificate): boolean {
  return certificates.some(
    (certificate) =>
      Buffer.compare(certificate.publicKey.spki, issuer.publicKey.spki) === 0 &&
      nameKey(certificate.subject) === nameKey(issuer.subject),
  );
}

function appended(path: CandidatePath, issuer: Certificate, signature: SignatureCheck): CandidatePath {
  return {
    certificates: [...path.certificates, issuer],
    signatures: [...path.signatures, signature],
  };
}

/** Verifies each pair of certificate and key once; undefined when the allowance is used up. */
function createSignatureCache(
  verifyMlDsa: MlDsaVerifier | undefined,
): (child: Certificate, issuer: Certificate) => SignatureCheck | undefined {
  const checks = new Map<Certificate, Map<string, SignatureCheck>>();
  let verified = 0;
  return (child, issuer) => {
    const ofChild = checks.get(child) ?? new Map<string, SignatureCheck>();
    checks.set(child, ofChild);
    const key = Buffer.from(issuer.publicKey.spki).toString('latin1');
    const known = ofChild.get(key);
    if (known !== undefined || verified >= MOST_SIGNATURES) return known;
    verified += 1;
    const check = verifySignature(child, issuer.publicKey, verifyMlDsa);
    ofChild.set(key, check);
    return check;
  };
}
