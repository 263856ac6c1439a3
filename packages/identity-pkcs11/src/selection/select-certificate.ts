import { IdentityError } from '@rolesanywhere/signer';
import { idText } from '../signing/private-key.js';
import { type CertificateSelector, isSelected } from './certificate-selector.js';
import type { TokenCertificate } from './token-certificate.js';

/** How one certificate is taken of those that the URI names. */
export interface CertificateChoice {
  readonly selector?: CertificateSelector | undefined;
  /** Of several the one that ends last. */
  readonly latestExpiring: boolean;
  /** For messages. */
  readonly place: string;
}

/** Enough to see which one was meant. */
const MOST_SHOWN = 10;

/**
 * The certificate of the identity. Of several the one that the selector means; then one that has a private key beside it
 * (issuers in a token have none); then the newest, if they are all for one key, as a renewal leaves them.
 *
 * @param hasKey - whether the token holds a private key of the same id
 * @throws IdentityError `IDENTITY_UNAVAILABLE` listing what is there, when none or several remain
 */
export async function selectCertificate(
  found: readonly TokenCertificate[],
  hasKey: (certificate: TokenCertificate) => Promise<boolean>,
  choice: CertificateChoice,
): Promise<TokenCertificate> {
  const named = withoutDuplicates(found);
  const selected = named.filter((certificate) => isSelected(choice.selector, certificate));
  if (selected.length === 0) throw noCertificate(named, choice);
  const withKey = selected.length === 1 ? [] : await filtered(selected, hasKey);
  const candidates = (withKey.length > 0 ? withKey : selected).toSorted(latestFirst);
  const [first] = candidates;
  if (first !== undefined && (candidates.length === 1 || choice.latestExpiring || isOneKey(candidates)))
    return first;
  const message = `${choice.place}: ${candidates.length} certificates match: ${list(candidates)}. Add \`id\` or \`object\` to the URI, give a \`selector\`, or set \`latestExpiring\`.`;
  throw new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

/** One after the other: a session does one search at a time. */
async function filtered(
  certificates: readonly TokenCertificate[],
  isWanted: (certificate: TokenCertificate) => Promise<boolean>,
): Promise<readonly TokenCertificate[]> {
  const wanted: TokenCertificate[] = [];
  for (const certificate of certificates) if (await isWanted(certificate)) wanted.push(certificate);
  return wanted;
}

/** For one key the newest certificate replaces the others. */
function isOneKey(certificates: readonly TokenCertificate[]): boolean {
  const keys = certificates.map(({ x509 }) => String(x509.publicKey.export({ type: 'spki', format: 'pem' })));
  return new Set(keys).size === 1;
}

function latestFirst(a: TokenCertificate, b: TokenCertificate): number {
  return b.notAfter.getTime() - a.notAfter.getTime();
}

function withoutDuplicates(found: readonly TokenCertificate[]): readonly TokenCertificate[] {
  return [...new Map(found.map((one) => [Buffer.from(one.der).toString('base64'), one])).values()];
}

function noCertificate(named: readonly TokenCertificate[], { place }: CertificateChoice): IdentityError {
  const message =
    named.length === 0
      ? `${place}: the token holds no such certificate. Write it there with \`pkcs11-tool --write-object CERTIFICATE --type cert --id ID\`, or give the path of a PEM file as \`certificate\`.`
      : `${place}: \`selector\` means none of the certificates there: ${list(named)}. Write subject and issuer as they stand here.`;
  return new IdentityError({ code: 'IDENTITY_UNAVAILABLE', message });
}

function list(certificates: readonly TokenCertificate[]): string {
  const shown = certificates.slice(0, MOST_SHOWN).map(describe);
  const rest = certificates.length - shown.length;
  return rest > 0 ? `${shown.join('; ')} and ${rest} more` : shown.join('; ');
}

function describe({ subject, serialNumber, label, id, notAfter }: TokenCertificate): string {
  const object = `object=${encodeURIComponent(label)};id=${idText(id)}`;
  return `"${subject}", serial ${serialNumber.toString(16)}, until ${notAfter.toISOString().slice(0, 10)} (${object})`;
}
