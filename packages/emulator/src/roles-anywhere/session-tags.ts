import type { Certificate, DistinguishedName, GeneralName } from '@rolesanywhere/pki';
import { isMapped, type AttributeMappings, type CertificateField } from './attribute-mappings.js';

/** A value of the certificate that could not become a session tag. */
export interface UnmappedAttribute {
  readonly field: CertificateField;
  /** `CN`, `DNS`, `DNS/2`, `Name/CN`, … */
  readonly specifier: string;
  readonly value: string;
}

/** Session tags of a certificate, and what had to be left out because STS takes no such value. */
export interface SessionTags {
  readonly tags: Readonly<Record<string, string>>;
  readonly unmapped: readonly UnmappedAttribute[];
}

/**
 * The session tags (`aws:PrincipalTag/…`) that the service makes from a certificate: `x509Subject/<RDN>`,
 * `x509Issuer/<RDN>`, `x509SAN/DNS`, `x509SAN/URI` and `x509SAN/Name/<RDN>`. A repeated RDN is joined with `/` in
 * certificate order; of the alternative names only the first of each type counts. Values outside STS's tag pattern are
 * left out and reported.
 *
 * @see AWS IAM Roles Anywhere User Guide, "Trust model" and "Attribute mapping"
 */
export function sessionTagsOf(
  certificate: Pick<Certificate, 'subject' | 'issuer' | 'subjectAlternativeName'>,
  mappings: AttributeMappings,
): SessionTags {
  const candidates = [
    ...nameTags('x509Subject', certificate.subject, ''),
    ...nameTags('x509Issuer', certificate.issuer, ''),
    ...alternativeNameTags(certificate.subjectAlternativeName),
  ].filter((candidate) => isMapped(mappings, candidate.field, baseOf(candidate.specifier)));
  const fitting = candidates.filter((candidate) => isTagValue(candidate.value));
  return {
    // A second DNS or URI name is known to the service (its refusals name `DNS/2`) but is not a documented tag.
    tags: Object.fromEntries(
      fitting
        .filter((candidate) => baseOf(candidate.specifier) === candidate.specifier)
        .map((candidate) => [`${candidate.field}/${candidate.specifier}`, candidate.value]),
    ),
    unmapped: candidates.filter((candidate) => !isTagValue(candidate.value)),
  };
}

/**
 * The sentence that the service adds to a refusal when values could not become tags; empty without such values.
 *
 * @example ' Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]'
 */
export function unmappedSentence(unmapped: readonly UnmappedAttribute[]): string {
  if (unmapped.length === 0) return '';
  const list = (field: CertificateField): string =>
    unmapped
      .filter((attribute) => attribute.field === field)
      .map((attribute) => attribute.specifier)
      .join(', ');
  const lists = `Issuer: [ ${list('x509Issuer')} ]; Subject: [ ${list('x509Subject')} ]; SAN: [ ${list('x509SAN')} ]`;
  return ` Some attributes failed to be mapped into session tags. ${lists}`;
}

/** STS API Reference, "Tag": up to 256 letters, separators, numbers and `_.:/=+-@`. */
function isTagValue(value: string): boolean {
  return value.length <= 256 && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value);
}

function nameTags(field: CertificateField, name: DistinguishedName, prefix: string): UnmappedAttribute[] {
  const joined = new Map<string, string>();
  for (const { shortName, value } of name.attributes) {
    if (shortName === undefined) continue;
    const earlier = joined.get(shortName);
    joined.set(shortName, earlier === undefined ? value : `${earlier}/${value}`);
  }
  return [...joined].map(([shortName, value]) => ({ field, specifier: `${prefix}${shortName}`, value }));
}

function alternativeNameTags(names: readonly GeneralName[]): UnmappedAttribute[] {
  const directoryName = names.find((name) => name.type === 'directoryName')?.name;
  return [
    ...numbered('DNS', names, 'dns'),
    ...numbered('URI', names, 'uri'),
    ...(directoryName === undefined ? [] : nameTags('x509SAN', directoryName, 'Name/')),
  ];
}

/** The first is `DNS`, the second `DNS/2`, as the service's refusals call them. */
function numbered(
  specifier: string,
  names: readonly GeneralName[],
  type: GeneralName['type'],
): UnmappedAttribute[] {
  return names
    .filter((name) => name.type === type)
    .map(({ value }, index) => ({
      field: 'x509SAN',
      specifier: index === 0 ? specifier : `${specifier}/${index + 1}`,
      value,
    }));
}

function baseOf(specifier: string): string {
  return specifier.replace(/^(DNS|URI)\/\d+$/, '$1');
}
