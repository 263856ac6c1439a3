import type { Certificate } from '../../certificate/certificate.js';
import { describe, warning } from '../create-finding.js';
import type { Finding } from '../finding.js';
import { isSameCertificate, nameKey } from '../name-chaining.js';

/** A CA gives a serial number once. @see RFC 5280 §4.1.2.2 */
export function duplicateSerialFindings(
  path: readonly Certificate[],
  pool: readonly Certificate[],
): readonly Finding[] {
  return path.flatMap((certificate) => {
    const twin = pool.find((other) => isTwin(certificate, other));
    if (twin === undefined) return [];
    const message = `Another certificate of the same issuer, ${describe(twin)}, has the serial number of ${describe(certificate)}: issue one of them again.`;
    return [warning('SERIAL_NUMBER_DUPLICATE', { group: 'path', certificate, message })];
  });
}

function isTwin(certificate: Certificate, other: Certificate): boolean {
  return (
    certificate.serialNumber === other.serialNumber &&
    nameKey(certificate.issuer) === nameKey(other.issuer) &&
    !isSameCertificate(certificate, other)
  );
}
