import type { ParsedCertificate } from '../x509/certificate.js';
import { orderChain } from '../x509/chain.js';
import { createIssuerCheck } from '../x509/issuer-check.js';
import { checkValidity, findLeaf, readCertificates } from './certificates.js';
import type { Source } from './key-material.js';
import type { PassphraseSource } from './passphrase.js';
import { openPrivateKey } from './private-key.js';
import { provenKey } from './proven-key.js';
import type { SigningKey } from './signing-key.js';
import type { X509Identity } from './x509-identity.js';

/** The parts of an identity, named for messages. */
export interface IdentitySources {
  readonly certificates: readonly Source[];
  readonly chain: readonly Source[];
  readonly key: Source | SigningKey;
  readonly passphrase: PassphraseSource;
}

/** An identity, and the check to make before it is handed out. */
export interface AssembledIdentity {
  readonly identity: X509Identity;
  /** @throws IdentityError `CERTIFICATE_EXPIRED`, `CERTIFICATE_NOT_YET_VALID` */
  checkAt(now: Date): void;
}

/**
 * Finds the leaf by its key, puts the chain in order and proves the key, without looking at a clock. Whoever needs an identity
 * loads this file then: an application that only imports the package does not pay for it.
 */
export async function assembleIdentity(sources: IdentitySources): Promise<AssembledIdentity> {
  const label = labelOf(sources.certificates);
  const certificates = (await Promise.all(sources.certificates.map(readCertificates))).flat();
  const intermediates = (await Promise.all(sources.chain.map(readCertificates))).flat();
  const key = 'sign' in sources.key ? sources.key : await openPrivateKey(sources.key, sources.passphrase);
  const leaf = await findLeaf(certificates, key, createIssuerCheck(label));
  const found = [...certificates.filter((other) => !isOtherIssue(leaf, other)), ...intermediates];
  const chainLabel = labelOf([...sources.certificates, ...sources.chain]);
  const chain = await orderChain(leaf, found, createIssuerCheck(chainLabel));
  const links = linksOf(chain);
  const ends = [[leaf], ...links].map(lastEnd);
  const expiration = new Date(Math.min(...ends));
  return {
    identity: { certificate: leaf, chain, key: provenKey(key, leaf), expiration },
    checkAt: (now) => {
      checkValidity([leaf], `The certificate in ${label}`, now);
      for (const link of links) checkValidity(link, `An intermediate certificate in ${chainLabel}`, now);
    },
  };
}

/** The certificates of the chain by their key: of a cross-signed one, any that is valid will do. */
function linksOf(chain: readonly ParsedCertificate[]): readonly (readonly ParsedCertificate[])[] {
  const first = chain.filter((one, place) => chain.findIndex((other) => isOtherIssue(one, other)) === place);
  return first.map((one) => chain.filter((other) => isOtherIssue(one, other)));
}

function lastEnd(alternatives: readonly ParsedCertificate[]): number {
  return Math.max(...alternatives.map(({ notAfter }) => notAfter.getTime()));
}

/** A certificate of the same name and key: left in the file by a renewal, or cross-signed. */
function isOtherIssue(one: ParsedCertificate, other: ParsedCertificate): boolean {
  return one.subject === other.subject && String(one.publicKey) === String(other.publicKey);
}

function labelOf(sources: readonly Source[]): string {
  return [...new Set(sources.map((source) => source.label))].join(' and ');
}
