import type { Certificate, NameConstraints } from '../../certificate/certificate.js';
import type { GeneralName } from '../../names/general-name.js';
import { shorten } from '../../shorten.js';
import { describe, refusal } from '../create-finding.js';
import type { Finding } from '../finding.js';
import { isSelfIssued } from '../name-chaining.js';
import { matchSubtree } from '../match-subtree.js';

type Outcome = 'within' | 'violated' | 'unsupported';

/** Names times subtrees: what an honest certificate needs is thousands of times smaller. */
const MOST_COMPARISONS = 1 << 18;

const EMAIL_ADDRESS_OID = '1.2.840.113549.1.9.1';
const COMMON_NAME_OID = '2.5.4.3';

/**
 * Every certificate against the name constraints of every CA above it, the trust anchor's too; self-issued
 * intermediates are exempt. @see RFC 5280 §4.2.1.10, §6.1.3 (b), (c)
 */
export function nameConstraintFindings(path: readonly Certificate[]): readonly Finding[] {
  return path.flatMap((certificate, index) => {
    if (index > 0 && isSelfIssued(certificate)) return [];
    const names = [...constrainedNames(certificate), ...(index === 0 ? hostNames(certificate) : [])];
    return path.slice(index + 1).flatMap((issuer) => findingsBelow({ certificate, names }, issuer));
  });
}

interface NamedCertificate {
  readonly certificate: Certificate;
  readonly names: readonly GeneralName[];
}

function findingsBelow({ certificate, names }: NamedCertificate, issuer: Certificate): readonly Finding[] {
  const constraints = issuer.nameConstraints;
  if (constraints === undefined) return [];
  const comparisons = names.length * (constraints.permitted.length + constraints.excluded.length);
  const base = { group: 'path', certificate } as const;
  const where = `the name constraints of the CA ${describe(issuer)}`;
  if (comparisons > MOST_COMPARISONS) {
    const message = `The certificate ${describe(certificate)} has too many names for ${where}: issue it with fewer.`;
    return [refusal('NAME_CONSTRAINTS_UNSUPPORTED', { ...base, message })];
  }
  const outcomes = names.map((name) => ({ name, outcome: judgeName(name, constraints) }));
  const worst =
    outcomes.find(({ outcome }) => outcome === 'violated') ??
    outcomes.find(({ outcome }) => outcome !== 'within');
  if (worst === undefined) return [];
  const subject = `The name ${worst.name.type} "${shorten(worst.name.value)}" of the certificate ${describe(certificate)}`;
  return worst.outcome === 'violated'
    ? [
        refusal('NAME_CONSTRAINTS_VIOLATED', {
          ...base,
          message: `${subject} is outside ${where}: issue it with another name, or by another CA.`,
        }),
      ]
    : [
        refusal('NAME_CONSTRAINTS_UNSUPPORTED', {
          ...base,
          message: `${subject} cannot be held against ${where}: issue it without that name.`,
        }),
      ];
}

/** The subject, the e-mail addresses in it, and the alternative names. */
function constrainedNames({ subject, subjectAlternativeName }: Certificate): readonly GeneralName[] {
  const emails = subject.attributes.filter(({ oid }) => oid === EMAIL_ADDRESS_OID);
  return [
    ...(subject.attributes.length > 0
      ? [{ type: 'directoryName', value: subject.text, name: subject } as const]
      : []),
    ...emails.map(({ value }) => ({ type: 'email', value }) as const),
    ...subjectAlternativeName,
  ];
}

/**
 * Common names of a leaf without DNS names that look like host names: two labels or more. Programs that still take a
 * host name from there would walk around the constraints, so `openssl verify` counts them as DNS names, and so does this.
 */
function hostNames({ subject, subjectAlternativeName }: Certificate): readonly GeneralName[] {
  if (subjectAlternativeName.some(({ type }) => type === 'dns')) return [];
  const commonNames = subject.attributes.filter(({ oid }) => oid === COMMON_NAME_OID);
  return commonNames
    .filter(({ value }) => value.includes('.') && HOST_NAME.test(value))
    .map(({ value }) => ({ type: 'dns', value }));
}

const HOST_NAME = /^(?!.*(?:\.[.-]|-\.))\w(?:[\w.-]*\w)?$/;

/** Within one permitted subtree of its type, where there is one of its type, and in no excluded one. */
function judgeName(name: GeneralName, { permitted, excluded }: NameConstraints): Outcome {
  const inside = new Set(permitted.map((subtree) => matchSubtree(name, subtree)));
  inside.delete('otherType');
  const outside = new Set(excluded.map((subtree) => matchSubtree(name, subtree)));
  if (outside.has('yes')) return 'violated';
  if (inside.has('unsupported') || outside.has('unsupported')) return 'unsupported';
  return inside.size > 0 && !inside.has('yes') ? 'violated' : 'within';
}
