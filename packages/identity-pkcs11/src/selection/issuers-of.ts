import type { X509Certificate } from 'node:crypto';

/** A certificate among others. */
export interface Candidate {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
}

/**
 * Those of some certificates that are on the path above one, and no others: a token holds certificates of other keys and of
 * other authorities. The order is not that of the path, and a root is among them; `createX509Identity` sees to both.
 *
 * @see RFC 5280 §6.1
 */
export function issuersOf(leaf: Candidate, others: readonly Candidate[]): readonly Candidate[] {
  let rest = others.filter(({ x509 }) => x509.fingerprint256 !== leaf.x509.fingerprint256);
  const path: Candidate[] = [];
  for (let level = [leaf]; level.length > 0;) {
    const issuers = rest.filter((candidate) => level.some((one) => isIssuedBy(one, candidate)));
    rest = rest.filter((candidate) => !issuers.includes(candidate));
    path.push(...issuers);
    level = issuers;
  }
  return path;
}

/** Names and key identifiers first, since they are cheap to compare; then the signature, which alone proves it. */
function isIssuedBy({ x509 }: Candidate, issuer: Candidate): boolean {
  try {
    return x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey);
  } catch {
    // An algorithm that this Node does not know: names and key identifiers agree.
    return true;
  }
}
