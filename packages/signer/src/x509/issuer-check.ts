import { platform } from '#platform';
import { IdentityError } from '../errors.js';
import { nextTurn } from '../next-turn.js';
import { type ParsedCertificate, equalBytes } from './certificate.js';

/** Tells which certificate issued which. */
export interface IssuerCheck {
  /** Where the certificates came from, for messages. */
  readonly label: string;
  /**
   * True when the names say so and nothing else speaks against it.
   *
   * @throws IdentityError `CHAIN_INVALID` when more signatures would have to be checked than any honest chain has
   */
  isIssuedBy(certificate: ParsedCertificate, issuer: ParsedCertificate): Promise<boolean>;
}

/** An honest chain has ten at most; each takes a fifth of a millisecond, or more. */
const MAXIMUM_SIGNATURES = 64;
const SIGNATURES_PER_TURN = 16;

/** A check for the certificates of one identity: none of their signatures is verified twice. */
export function createIssuerCheck(label: string): IssuerCheck {
  const verdicts = new Map<string, Promise<boolean>>();

  async function verify(certificate: ParsedCertificate, issuer: ParsedCertificate): Promise<boolean> {
    if (verdicts.size > MAXIMUM_SIGNATURES) throw tooManySignatures(label);
    if (verdicts.size % SIGNATURES_PER_TURN === 0) await nextTurn();
    // The platform may not know the algorithm of the issuer (an ML-DSA authority above an RSA leaf).
    const verdict = await platform.isIssuedBy(certificate.der, issuer.der);
    return verdict ?? keyIdentifiersAgree(certificate, issuer);
  }

  return {
    label,
    async isIssuedBy(certificate, issuer) {
      if (!equalBytes(certificate.issuerName, issuer.subjectName)) return false;
      const pair = `${certificate.base64} ${issuer.base64}`;
      const known = verdicts.get(pair);
      if (known !== undefined) return known;
      // Kept as a promise before anything is awaited, so that the same question at the same time is one.
      const verdict = Promise.resolve().then(() => verify(certificate, issuer));
      verdicts.set(pair, verdict);
      return verdict;
    },
  };
}

/** Where both name the key of the issuer. @see RFC 5280 §4.2.1.1 */
export function keyIdentifiersAgree(certificate: ParsedCertificate, issuer: ParsedCertificate): boolean {
  const { authorityKeyIdentifier } = certificate;
  const { subjectKeyIdentifier } = issuer;
  if (authorityKeyIdentifier === undefined || subjectKeyIdentifier === undefined) return true;
  return equalBytes(authorityKeyIdentifier, subjectKeyIdentifier);
}

function tooManySignatures(label: string): IdentityError {
  const message = `Too many certificates of the same names are in ${label}: more than ${MAXIMUM_SIGNATURES} signatures would have to be checked to find the chain. Keep the certificate, and those that connect it to the trust anchor.`;
  return new IdentityError({ code: 'CHAIN_INVALID', message });
}
