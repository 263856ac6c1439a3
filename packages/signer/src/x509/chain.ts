import { IdentityError } from '../errors.js';
import {
  type ParsedCertificate,
  describeCertificate,
  describeCertificates,
  equalBytes,
  shortened,
} from './certificate.js';
import { type IssuerCheck, keyIdentifiersAgree } from './issuer-check.js';

/** "The maximum depth of 5 certificates": IAM Roles Anywhere User Guide, authentication. */
const MAXIMUM_CHAIN_LENGTH = 5;

/**
 * Makes a chain of what was found beside the leaf: the issuer of the leaf first, then the issuer of that, and so on;
 * without duplicates, without the leaf, without self-signed roots, which the service has as trust anchors.
 * Two certificates of one issuer (cross-signed) both stay.
 *
 * @param leaf - the certificate whose issuers are wanted
 * @param found - certificates in any order
 * @param check - tells who issued whom
 * @throws IdentityError `CHAIN_INVALID` when a certificate is not on the path of the leaf, or more than five remain
 * @see RFC 5280 §6.1 (names chain), §4.2.1.1 (key identifiers)
 */
export async function orderChain(
  leaf: ParsedCertificate,
  found: readonly ParsedCertificate[],
  check: IssuerCheck,
): Promise<readonly ParsedCertificate[]> {
  const { label } = check;
  let pool = withoutDuplicates(found).filter((certificate) => certificate.base64 !== leaf.base64);
  const path: ParsedCertificate[] = [];
  for (let level: ParsedCertificate[] = [leaf]; level.length > 0;) {
    const issuers = await issuersOf(level, pool, check);
    pool = pool.filter((certificate) => !issuers.includes(certificate));
    path.push(...issuers);
    level = issuers;
  }
  if (pool.length > 0) throw strangers(leaf, pool, label);
  const chain = path.filter((certificate) => !isSelfIssued(certificate));
  if (chain.length > MAXIMUM_CHAIN_LENGTH) throw tooLong(chain, label);
  return chain;
}

async function issuersOf(
  level: readonly ParsedCertificate[],
  pool: readonly ParsedCertificate[],
  check: IssuerCheck,
): Promise<ParsedCertificate[]> {
  const issuers: ParsedCertificate[] = [];
  for (const candidate of pool) {
    for (const certificate of level) {
      if (await check.isIssuedBy(certificate, candidate)) {
        issuers.push(candidate);
        break;
      }
    }
  }
  return issuers;
}

/** A root names itself and its own key; a key-rollover certificate names itself but another key. */
function isSelfIssued(certificate: ParsedCertificate): boolean {
  return (
    equalBytes(certificate.subjectName, certificate.issuerName) &&
    keyIdentifiersAgree(certificate, certificate)
  );
}

function withoutDuplicates(certificates: readonly ParsedCertificate[]): readonly ParsedCertificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.base64, certificate])).values()];
}

function strangers(
  leaf: ParsedCertificate,
  pool: readonly ParsedCertificate[],
  label: string,
): IdentityError {
  const count = pool.length === 1 ? '1 certificate' : `${pool.length} certificates`;
  const message = `${count} in ${label} did not issue the certificate (${describeCertificate(leaf)}): ${describeCertificates(pool)}. Remove what does not belong to it, or add the intermediate certificate that connects it (issuer of the certificate: "${shortened(leaf.issuer)}").`;
  return new IdentityError({ code: 'CHAIN_INVALID', message });
}

function tooLong(chain: readonly ParsedCertificate[], label: string): IdentityError {
  const message = `${chain.length} intermediate certificates are in ${label}, and IAM Roles Anywhere takes at most ${MAXIMUM_CHAIN_LENGTH}: ${describeCertificates(chain)}. Register an intermediate nearer to the certificate as the trust anchor, and remove the ones above it.`;
  return new IdentityError({ code: 'CHAIN_INVALID', message });
}
