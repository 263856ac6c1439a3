import { X509Certificate } from 'node:crypto';
import type { StoredCertificate } from '../token/token-objects.js';
import type { SelectableCertificate } from './certificate-selector.js';
import { readElements } from './der.js';
import { nameText } from './name-text.js';

/** A certificate in a token that was read. */
export interface TokenCertificate extends StoredCertificate, SelectableCertificate {
  readonly notAfter: Date;
  readonly x509: X509Certificate;
}

/** Reads a certificate; undefined when it is none: another's broken object is no reason to fail. */
export function tokenCertificate(stored: StoredCertificate): TokenCertificate | undefined {
  try {
    const x509 = new X509Certificate(stored.der);
    const { subject, issuer } = namesOf(stored.der);
    const serialNumber = BigInt(`0x${x509.serialNumber}`);
    return { ...stored, x509, serialNumber, subject, issuer, notAfter: new Date(x509.validTo) };
  } catch {
    return undefined;
  }
}

/** version [0], serialNumber, signature, issuer, validity, subject (RFC 5280 §4.1). */
function namesOf(der: Uint8Array): { readonly subject: string; readonly issuer: string } {
  const [certificate] = readElements(der);
  const [signed] = readElements(certificate?.content ?? new Uint8Array());
  const content = signed?.content ?? new Uint8Array();
  const fields = readElements(content);
  const offset = fields[0]?.tag === 0xa0 ? 1 : 0;
  // A name is an element of its own, so its bytes are put together again from its content.
  const name = (place: number): Uint8Array => wrapped(fields[place + offset]?.content ?? new Uint8Array());
  return { issuer: nameText(name(2)), subject: nameText(name(4)) };
}

function wrapped(content: Uint8Array): Uint8Array {
  const { length } = content;
  return Uint8Array.from([
    0x30,
    0x84,
    length >>> 24,
    (length >> 16) & 0xff,
    (length >> 8) & 0xff,
    length & 0xff,
    ...content,
  ]);
}
