import { X509Certificate, verify } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { parseCertificate } from '@rolesanywhere/pki';

/** By the last arc of the algorithm. @see FIPS 204; NIST's register of 2.16.840.1.101.3.4.3 */
const ML_DSA = { 17: ml_dsa44, 18: ml_dsa65, 19: ml_dsa87 };

/** In front of the key in a SubjectPublicKeyInfo of ML-DSA: sequence, algorithm, bit string. @see RFC 9881 section 4 */
const HEADER_OCTETS = 22;

/** Whether a signature is one over this message by the certificate's key; shares nothing with the sources. */
export function verifies(certificatePem: string, message: Uint8Array, signature: Uint8Array): boolean {
  const { algorithm, oid, spki } = parseCertificate(certificatePem).publicKey;
  if (algorithm !== 'ML-DSA')
    return verify('sha256', message, new X509Certificate(certificatePem).publicKey, signature);
  const [, library] = Object.entries(ML_DSA).find(([arc]) => oid.endsWith(`.${arc}`)) ?? [];
  return library?.verify(signature, message, spki.subarray(HEADER_OCTETS)) ?? false;
}
