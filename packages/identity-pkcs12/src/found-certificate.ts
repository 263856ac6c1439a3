import { X509Certificate } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bag } from './container/read-safe-contents.js';
import { Pkcs12Fault } from './pkcs12-fault.js';

/** A certificate of a file, and what is asked of it more than once: each question to `x509` is answered anew. */
export interface FoundCertificate {
  readonly x509: X509Certificate;
  readonly localKeyId: string | undefined;
  readonly subject: string;
  readonly issuer: string;
  readonly der: Buffer;
}

/** Java's store of root certificates has about 150. */
const MOST_CERTIFICATES = 256;
/** Roads from a leaf to its roots; the service takes five certificates. */
const MOST_ABOVE = 32;
/** A millisecond or two. */
const CERTIFICATES_IN_A_TURN = 16;

/** @throws Pkcs12Fault `CERTIFICATE_INVALID` for more than 256, or a damaged one */
export async function readCertificates(
  bags: readonly Bag<Uint8Array>[],
): Promise<readonly FoundCertificate[]> {
  if (bags.length > MOST_CERTIFICATES) {
    const message = `holds ${bags.length} certificates, more than ${MOST_CERTIFICATES}. Keep those of the identity.`;
    throw new Pkcs12Fault('CERTIFICATE_INVALID', message);
  }
  const found: FoundCertificate[] = [];
  for (const bag of bags) {
    if (found.length % CERTIFICATES_IN_A_TURN === CERTIFICATES_IN_A_TURN - 1) await nextTurn();
    found.push(readCertificate(bag));
  }
  return found;
}

/**
 * Those that may have issued the leaf, those that may have issued these, and so on; by name and key identifier.
 *
 * @throws Pkcs12Fault `CHAIN_INVALID` for more than 32
 */
export async function certificatesAbove(
  leaf: FoundCertificate,
  all: readonly FoundCertificate[],
): Promise<readonly FoundCertificate[]> {
  const above = new Set<FoundCertificate>([leaf]);
  // A set gives what is added to it while it is being walked.
  for (const { x509, issuer } of above) {
    for (const other of all) if (issuer === other.subject && x509.checkIssued(other.x509)) above.add(other);
    if (above.size > MOST_ABOVE) {
      const message = `holds more than ${MOST_ABOVE} certificates that may stand above that of the key. Keep those of the identity.`;
      throw new Pkcs12Fault('CHAIN_INVALID', message);
    }
    await nextTurn();
  }
  above.delete(leaf);
  return [...above];
}

function readCertificate({ content, localKeyId }: Bag<Uint8Array>): FoundCertificate {
  try {
    const x509 = new X509Certificate(content);
    const { subject, issuer } = x509;
    return { x509, localKeyId, subject, issuer, der: x509.raw };
  } catch (cause) {
    const message = 'holds a certificate that is damaged. Replace it with an intact one.';
    throw new Pkcs12Fault('CERTIFICATE_INVALID', message, cause);
  }
}
