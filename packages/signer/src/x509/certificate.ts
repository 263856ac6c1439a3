import { platform } from '#platform';
import { IdentityError } from '../errors.js';
import {
  type DerElement,
  TAG,
  readDerChildren,
  readDerInteger,
  readDerSequence,
  readObjectIdentifier,
} from './der.js';
import { distinguishedNameText } from './distinguished-name.js';

/** The kinds of certificate keys that IAM Roles Anywhere knows. */
export type CertificateKeyAlgorithm = 'RSA' | 'EC' | 'ML-DSA';

/** RFC 5280 §4.1.2.2 has 20, and some authorities do not count. */
const MAXIMUM_SERIAL_OCTETS = 64;
const LONGEST_NAME = 300;

/** The facts of an X.509 certificate that signing needs. */
export interface Certificate {
  /** The certificate, DER. */
  readonly der: Uint8Array;
  readonly serialNumber: bigint;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** RFC 4514 text, most specific part first; may be empty. */
  readonly subject: string;
  /** RFC 4514 text, most specific part first. */
  readonly issuer: string;
  readonly keyAlgorithm: CertificateKeyAlgorithm;
}

/** A certificate as this package reads it: with what finding a leaf and ordering a chain need. */
export interface ParsedCertificate extends Certificate {
  /** The `X-Amz-X509` form: made once, sent often. */
  readonly base64: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly subjectName: Uint8Array;
  readonly issuerName: Uint8Array;
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly authorityKeyIdentifier?: Uint8Array;
}

/** RFC 8017 appendix C, RFC 5480 §2.1.1, RFC 9881 §2 (ML-DSA-44, -65, -87). */
const KEY_OIDS: Readonly<Record<string, CertificateKeyAlgorithm>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.10045.2.1': 'EC',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA',
};

/** Stands for the key of an EC curve that is given by its numbers, which certificates may not have (RFC 5480 §2.1.1). */
const UNNAMED_CURVE = 'a curve without a name';

/** Kinds that people do issue certificates for (RFC 4055 §1.2, RFC 8410 §3). */
const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  [UNNAMED_CURVE]: 'an EC key whose curve is spelled out instead of named',
  '1.2.840.113549.1.1.10': 'an RSA-PSS key',
  '1.3.101.112': 'an Ed25519 key',
  '1.3.101.113': 'an Ed448 key',
};

/**
 * Reads one certificate.
 *
 * @param der - the certificate, DER
 * @param label - where it came from, for messages: a path or an option
 * @throws IdentityError `CERTIFICATE_INVALID` (damaged), `KEY_UNSUPPORTED` (a key that the service has no algorithm for)
 * @see RFC 5280 §4.1
 */
export async function parseCertificate(der: Uint8Array, label: string): Promise<ParsedCertificate> {
  let parsed: ParsedCertificate | string;
  try {
    parsed = readFields(der);
    await platform.checkCertificate(der);
  } catch (cause) {
    const message = `A certificate in ${label} is damaged and cannot be read. Replace it with an intact PEM or DER certificate.`;
    throw new IdentityError({ code: 'CERTIFICATE_INVALID', message, cause });
  }
  if (typeof parsed !== 'string') return parsed;
  const message = `A certificate in ${label} has ${FOREIGN_KEYS[parsed] ?? `a key of type ${shortened(parsed)}`}. IAM Roles Anywhere takes RSA, EC and ML-DSA keys: issue a certificate for one of these.`;
  throw new IdentityError({ code: 'KEY_UNSUPPORTED', message });
}

/** How a certificate is named in messages. */
export function describeCertificate(certificate: Certificate): string {
  return `serial ${certificate.serialNumber.toString(16).padStart(2, '0')}, subject "${shortened(certificate.subject)}"`;
}

/** A name as messages show it: some have thousands of characters. */
export function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  // Not in the middle of a character that takes two units.
  return `${name.slice(0, LONGEST_NAME).replace(/[\ud800-\udbff]$/, '')}…`;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

/** Several in one message: the first three by name, the others by number. */
export function describeCertificates(certificates: readonly Certificate[]): string {
  const names = certificates.slice(0, 3).map(describeCertificate).join('; ');
  return certificates.length > 3 ? `${names}; and ${certificates.length - 3} more` : names;
}

/** The fields, or the object identifier of a key that cannot be used. */
function readFields(der: Uint8Array): ParsedCertificate | string {
  const [tbs] = readDerSequence(der);
  if (tbs === undefined) throw new RangeError('an empty certificate');
  const fields = readDerChildren(tbs);
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, validity, subject, publicKey, ...rest] = fields;
  if (serial?.tag !== TAG.integer || !issuer || !validity || !subject || !publicKey)
    throw new RangeError('not a certificate');
  if (serial.content.length > MAXIMUM_SERIAL_OCTETS) throw new RangeError('a serial number that is too long');
  const keyOid = readKeyOid(publicKey);
  const keyAlgorithm = KEY_OIDS[keyOid];
  if (keyAlgorithm === undefined) return keyOid;
  const [notBefore, notAfter] = readDerChildren(validity).map(readTime);
  if (notBefore === undefined || notAfter === undefined) throw new RangeError('no validity');
  return {
    der,
    serialNumber: readDerInteger(serial.content),
    notBefore,
    notAfter,
    subject: distinguishedNameText(subject.bytes),
    issuer: distinguishedNameText(issuer.bytes),
    keyAlgorithm,
    base64: platform.toBase64(der),
    publicKey: publicKey.bytes,
    subjectName: subject.bytes,
    issuerName: issuer.bytes,
    ...readKeyIdentifiers(rest.find((field) => field.tag === 0xa3)),
  };
}

function readKeyOid(publicKey: DerElement): string {
  const [algorithm] = readDerChildren(publicKey);
  const [oid, curve] = algorithm === undefined ? [] : readDerChildren(algorithm);
  if (oid?.tag !== TAG.objectIdentifier) throw new RangeError('no key algorithm');
  const name = readObjectIdentifier(oid.content);
  return KEY_OIDS[name] === 'EC' && curve?.tag === TAG.sequence ? UNNAMED_CURVE : name;
}

/** UTCTime has two digits of the year: 50 to 99 are 19xx (RFC 5280 §4.1.2.5.1). */
function readTime(element: DerElement): Date {
  const digits = new TextDecoder().decode(element.content);
  const year = element.tag === 0x17 ? (Number(digits.slice(0, 2)) < 50 ? '20' : '19') : '';
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(year + digits);
  if (parts === null) throw new RangeError('not a certificate time');
  const [, yyyy, month, day, hours, minutes, seconds] = parts;
  const time = new Date(`${yyyy}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(time.getTime())) throw new RangeError('not a certificate time');
  return time;
}

/** Subject and authority key identifier (RFC 5280 §4.2.1.1 and §4.2.1.2), when they are there. */
function readKeyIdentifiers(
  extensions: DerElement | undefined,
): Pick<ParsedCertificate, 'subjectKeyIdentifier' | 'authorityKeyIdentifier'> {
  const list = extensions === undefined ? [] : readDerChildren(extensions).flatMap(readDerChildren);
  const values = new Map<string, Uint8Array>();
  for (const extension of list) {
    const [oid, ...others] = readDerChildren(extension);
    const value = others.at(-1);
    if (oid !== undefined && value !== undefined)
      values.set(readObjectIdentifier(oid.content), value.content);
  }
  const subject = values.get('2.5.29.14');
  const authority = values.get('2.5.29.35');
  const keyIdentifier = authority && readDerSequence(authority).find((child) => child.tag === 0x80)?.content;
  return {
    ...(subject && {
      subjectKeyIdentifier:
        readDerChildren({ tag: 0, content: subject, bytes: subject })[0]?.content ?? subject,
    }),
    ...(keyIdentifier && { authorityKeyIdentifier: keyIdentifier }),
  };
}
