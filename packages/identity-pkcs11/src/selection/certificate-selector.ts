/**
 * Which certificate of a token is meant, as `--cert-selector` of `aws_signing_helper` says it. All that is given must match.
 */
export interface CertificateSelector {
  /** The subject as that program writes it: `CN=server,O=Example`; see the README for the order. */
  readonly subject?: string | undefined;
  /** The issuer, written likewise. */
  readonly issuer?: string | undefined;
  /** The serial number, hexadecimal, in either case. */
  readonly serial?: string | undefined;
}

/** What a selector is compared with. */
export interface SelectableCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: bigint;
}

/** True when the certificate is one that the selector means. Without a selector every one is. */
export function isSelected(
  selector: CertificateSelector | undefined,
  certificate: SelectableCertificate,
): boolean {
  const { subject, issuer, serial } = selector ?? {};
  return (
    (subject === undefined || subject === certificate.subject) &&
    (issuer === undefined || issuer === certificate.issuer) &&
    (serial === undefined || serialOf(serial) === certificate.serialNumber)
  );
}

/** What is wrong with a selector, one text for each problem. */
export function selectorProblems(selector: unknown): readonly string[] {
  if (selector === undefined) return [];
  if (typeof selector !== 'object' || selector === null)
    return ['`selector` must be an object with `subject`, `issuer` and `serial`, or some of these'];
  const entries = Object.entries(selector).filter(([, value]) => value !== undefined);
  const problems = entries.flatMap(([name, value]: [string, unknown]) => {
    if (!['subject', 'issuer', 'serial'].includes(name)) return [`\`selector.${name}\` is unknown`];
    if (typeof value !== 'string' || value === '') return [`\`selector.${name}\` must be a text`];
    return name === 'serial' && serialOf(value) === undefined
      ? ['`selector.serial` must be hexadecimal, such as 4001']
      : [];
  });
  return entries.length === 0
    ? ['`selector` must say at least one of `subject`, `issuer`, `serial`']
    : problems;
}

/** RFC 5280 §4.1.2.2 allows 20 octets; some certificates have more. */
function serialOf(text: string): bigint | undefined {
  return /^(?:0x)?[0-9A-Fa-f]{1,128}$/.test(text) ? BigInt(`0x${text.replace(/^0x/, '')}`) : undefined;
}
