import { TAG, readElement } from './der.js';

/** More than any chain that the service takes, and few enough to be judged at once. */
const MAXIMUM_CERTIFICATES = 16;

/**
 * Cuts DER certificates apart that stand one after the other.
 *
 * @returns the certificates in their order, as copies; none when these are anything else than intact DER, or more than 16
 * @see SPIFFE Workload API §5.1 (`x509_svid`)
 */
export function splitCertificates(octets: Uint8Array): readonly Uint8Array[] {
  const certificates: Uint8Array[] = [];
  for (let offset = 0; offset < octets.length;) {
    const element = readElement(octets, offset);
    if (element?.tag !== TAG.sequence || certificates.length === MAXIMUM_CERTIFICATES) return [];
    // A copy: a view would keep the octets of all of them in memory.
    certificates.push(new Uint8Array(octets.subarray(offset, element.end)));
    offset = element.end;
  }
  return certificates;
}
