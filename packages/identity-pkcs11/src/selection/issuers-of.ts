import type { X509Certificate } from 'node:crypto';

/** A certificate among others. */
export interface Candidate {
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  /** Names, in any rendering that both have in common. */
  readonly subject: string;
  readonly issuer: string;
}

/**
 * Those of some certificates that are on the path above one, and no others: a token holds certificates of other keys and of
 * other authorities. The order is not that of the path, and a root is among them; `createX509Identity` sees to both.
 *
 * @see RFC 5280 §6.1
 */
export function issuersOf(leaf: Candidate, others: readonly Candidate[]): readonly Candidate[] {
  const named = bySubject(others.filter(({ der }) => Buffer.compare(der, leaf.der) !== 0));
  const path = new Set<Candidate>();
  for (let level = [leaf]; level.length > 0;) {
    const issuers = level.flatMap((one) =>
      (named.get(comparable(one.issuer)) ?? []).filter(
        (candidate) => !path.has(candidate) && isIssuedBy(one, candidate),
      ),
    );
    for (const issuer of issuers) path.add(issuer);
    level = issuers;
  }
  return [...path];
}

/** A token may hold thousands of certificates, and to compare names is cheap. */
function bySubject(candidates: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const named = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const name = comparable(candidate.subject);
    const others = named.get(name);
    if (others === undefined) named.set(name, [candidate]);
    else others.push(candidate);
  }
  return named;
}

/** Case and the number of blanks do not tell names apart (RFC 5280 §7.1). */
function comparable(name: string): string {
  return name.toLowerCase().replaceAll(/\s+/g, ' ');
}

/** Key identifiers first, since they are cheap to compare; then the signature, which alone proves it. */
function isIssuedBy({ x509 }: Candidate, issuer: Candidate): boolean {
  try {
    return x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey);
  } catch {
    // An algorithm that this Node does not know: names and key identifiers agree.
    return true;
  }
}
