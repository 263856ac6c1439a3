import type { Certificate } from '@rolesanywhere/pki';
import { serialAsSessionName } from './session-name.js';

/** Longest common name that still leaves room for `CN=` in STS's 64 characters. */
const LONGEST_PREFIXED_COMMON_NAME = 61;
const LONGEST_COMMON_NAME = 64;

/**
 * The source identity that the service sets on the session: `CN=` and the subject's common name; a common name of 62 to
 * 64 characters alone; without a common name `ID=` and the serial number in hex, padded to even length.
 * Not documented, and decided here: the first of several common names counts, and one over 64 characters counts as none.
 *
 * @example sourceIdentityOf(certificate) // 'CN=client-01'
 * @see AWS IAM Roles Anywhere User Guide, "Trust model"
 */
export function sourceIdentityOf(certificate: Pick<Certificate, 'subject' | 'serialNumber'>): string {
  const commonName = certificate.subject.attributes.find((attribute) => attribute.shortName === 'CN')?.value;
  // Characters, not UTF-16 units: X.520 and STS both count characters.
  const length = Array.from(commonName ?? '').length;
  if (commonName === undefined || length === 0 || length > LONGEST_COMMON_NAME) {
    return `ID=${serialAsSessionName(certificate.serialNumber)}`;
  }
  return length > LONGEST_PREFIXED_COMMON_NAME ? commonName : `CN=${commonName}`;
}

/**
 * Whether STS itself would take this source identity: 2 to 64 characters of `[\w+=,.@-]`.
 * What Roles Anywhere does with others is not documented.
 *
 * @see AWS STS API Reference, "AssumeRole", SourceIdentity
 */
export function isPlainSourceIdentity(sourceIdentity: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(sourceIdentity);
}
