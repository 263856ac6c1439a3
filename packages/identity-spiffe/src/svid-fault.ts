import { IdentityError, type IdentityErrorCode } from '@rolesanywhere/signer';
import { TAG, readElement, readElements } from './der.js';
import { readUriNames } from './uri-names.js';
import type { X509Svid } from './workload-api/x509-svid-response.js';

/** A chain of six with ML-DSA-87 has 47 KiB; what is much longer would hold the event loop. */
const MAXIMUM_CERTIFICATES_OCTETS = 65_536;
/** RSA of 16,384 bits has 9 KiB. */
const MAXIMUM_KEY_OCTETS = 16_384;

/**
 * What is wrong with an X.509-SVID, as far as its octets tell without a look at the certificates.
 *
 * @see SPIFFE Workload API §5.1: the key is PKCS#8, DER, unencrypted
 */
export function faultOfOctets({ certificates, privateKey, spiffeId }: X509Svid): IdentityError | undefined {
  if (certificates.length > MAXIMUM_CERTIFICATES_OCTETS) {
    const what = `certificates of ${certificates.length} octets, and at most ${MAXIMUM_CERTIFICATES_OCTETS} are taken`;
    return svidFault('CERTIFICATE_INVALID', spiffeId, `has ${what}`);
  }
  if (privateKey.length > MAXIMUM_KEY_OCTETS) {
    const what = `a key of ${privateKey.length} octets, and at most ${MAXIMUM_KEY_OCTETS} are taken`;
    return svidFault('PRIVATE_KEY_INVALID', spiffeId, `has ${what}`);
  }
  const form = formOfKey(privateKey);
  if (form === 'PKCS#8') return undefined;
  const what =
    form === 'encrypted' ? 'is encrypted, which the Workload API does not allow' : 'is not PKCS#8 DER';
  return svidFault('PRIVATE_KEY_INVALID', spiffeId, `has a key that ${what}`);
}

/** The SPIFFE ID that was chosen by must be the one that the certificate carries. @see X509-SVID §2 */
export function faultOfNames(certificate: Uint8Array, spiffeId: string): IdentityError | undefined {
  const names = readUriNames(certificate);
  if (names.length === 1 && names[0] === spiffeId) return undefined;
  return svidFault(
    'CERTIFICATE_INVALID',
    spiffeId,
    'has a certificate that does not carry this SPIFFE ID as its only URI',
  );
}

/** @param what - follows the name of the X.509-SVID */
export function svidFault(code: IdentityErrorCode, spiffeId: string, what: string): IdentityError {
  return new IdentityError({
    code,
    message: `The X.509-SVID ${spiffeId} ${what}. Look into the log of the agent.`,
  });
}

/** RFC 5958 §2 and §3, by the first two elements: a version and an algorithm, or an algorithm and octets. */
function formOfKey(key: Uint8Array): 'PKCS#8' | 'encrypted' | 'other' {
  const outer = readElement(key, 0);
  if (outer?.tag !== TAG.sequence || outer.end !== key.length) return 'other';
  const tags = readElements(outer.content)?.map(({ tag }) => tag) ?? [];
  if (tags[0] === TAG.integer && tags[1] === TAG.sequence && tags[2] === TAG.octetString) return 'PKCS#8';
  return tags[0] === TAG.sequence && tags[1] === TAG.octetString ? 'encrypted' : 'other';
}
