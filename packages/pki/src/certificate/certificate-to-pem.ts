import { encodePem } from '../pem/pem-blocks.js';
import type { Certificate } from './certificate.js';

/** A certificate, or its DER, as one PEM block that ends with a line feed. @see RFC 7468 §5 */
export function certificateToPem(certificate: Certificate | Uint8Array): string {
  return encodePem('CERTIFICATE', certificate instanceof Uint8Array ? certificate : certificate.der);
}
