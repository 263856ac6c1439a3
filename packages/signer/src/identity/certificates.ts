import { IdentityError, type IdentityErrorCode, SigningError } from '../errors.js';
import { platform } from '#platform';
import { type ParsedCertificate, describeCertificate, parseCertificate } from '../x509/certificate.js';
import { isIssuedBy } from '../x509/chain.js';
import { type Material, type Source, describeMaterial, readMaterial } from './key-material.js';
import type { SigningKey } from './signing-key.js';

const ADVICE = 'Give the certificate as PEM or DER.';

/**
 * Every certificate in a source, in the order found; at least one.
 *
 * @throws IdentityError `CERTIFICATE_INVALID`, `KEY_UNSUPPORTED`
 */
export async function readCertificates(source: Source): Promise<readonly ParsedCertificate[]> {
  let materials: Material[];
  try {
    materials = readMaterial(source);
  } catch (cause) {
    const message = `The certificate in ${source.label} is damaged or cut off. Replace it with an intact PEM or DER file.`;
    throw certificateError('CERTIFICATE_INVALID', message, cause);
  }
  const certificates = materials.filter(({ kind }) => kind === 'certificate');
  if (certificates.length === 0) {
    const found =
      source.data.length === 0 ? 'is empty' : `holds ${describeMaterial(materials)} but no certificate`;
    throw certificateError('CERTIFICATE_INVALID', `${source.label} ${found}. ${ADVICE}`);
  }
  return Promise.all(certificates.map(({ block }) => parseCertificate(block.der, source.label)));
}

/**
 * The certificate that belongs to the key. A key whose public half is not known (a device, a function) cannot tell: then
 * it is the certificate that issued no other one, or the first; the first signature proves it.
 * Of several certificates for one key the one that ends last is taken.
 *
 * @throws SigningError `KEY_MISMATCH`
 */
export async function findLeaf(
  certificates: readonly ParsedCertificate[],
  key: SigningKey,
  label: string,
): Promise<ParsedCertificate> {
  const { publicKey } = key;
  const candidates =
    publicKey === undefined
      ? await issuersOfNone(certificates)
      : certificates.filter((certificate) => platform.isSamePublicKey(certificate.publicKey, publicKey));
  const [leaf] = publicKey === undefined ? candidates : candidates.toSorted(latestFirst);
  if (leaf !== undefined && algorithmOf(leaf) === key.algorithm) return leaf;
  const names = certificates.map(describeCertificate).join('; ');
  const message = `The private key does not belong to a certificate in ${label} (${names}). Give the key that the certificate was issued for.`;
  throw new SigningError({ code: 'KEY_MISMATCH', message });
}

/**
 * @param now - the instant to judge by
 * @throws IdentityError `CERTIFICATE_EXPIRED`, `CERTIFICATE_NOT_YET_VALID`; also for a certificate of the chain
 */
export function checkValidity(certificates: readonly ParsedCertificate[], label: string, now: Date): void {
  for (const certificate of certificates) {
    const which = `The certificate in ${label} (${describeCertificate(certificate)})`;
    if (now > certificate.notAfter) {
      const message = `${which} expired at ${certificate.notAfter.toISOString()}. Renew it.`;
      throw certificateError('CERTIFICATE_EXPIRED', message);
    }
    if (now < certificate.notBefore) {
      const message = `${which} is not valid before ${certificate.notBefore.toISOString()}. Wait, or set the clock of this machine right.`;
      throw certificateError('CERTIFICATE_NOT_YET_VALID', message);
    }
  }
}

async function issuersOfNone(certificates: readonly ParsedCertificate[]): Promise<ParsedCertificate[]> {
  const leaves: ParsedCertificate[] = [];
  for (const certificate of certificates) {
    const others = certificates.filter((other) => other.base64 !== certificate.base64);
    const issued = await Promise.all(others.map((other) => isIssuedBy(other, certificate)));
    if (!issued.includes(true)) leaves.push(certificate);
  }
  return leaves.length > 0 ? leaves : certificates.slice(0, 1);
}

function latestFirst(a: ParsedCertificate, b: ParsedCertificate): number {
  return b.notAfter.getTime() - a.notAfter.getTime();
}

function algorithmOf({ keyAlgorithm }: ParsedCertificate): SigningKey['algorithm'] {
  if (keyAlgorithm === 'RSA') return 'AWS4-X509-RSA-SHA256';
  return keyAlgorithm === 'EC' ? 'AWS4-X509-ECDSA-SHA256' : 'AWS4-X509-MLDSA';
}

function certificateError(code: IdentityErrorCode, message: string, cause?: unknown): IdentityError {
  return new IdentityError({ code, message, cause });
}
