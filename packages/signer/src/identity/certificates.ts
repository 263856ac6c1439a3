import { IdentityError, type IdentityErrorCode, SigningError } from '../errors.js';
import { platform } from '#platform';
import {
  type ParsedCertificate,
  describeCertificate,
  describeCertificates,
  parseCertificate,
} from '../x509/certificate.js';
import { isIssuedBy } from '../x509/chain.js';
import { type Material, type MaterialKind, type Source, describeLack, readMaterial } from './key-material.js';
import type { SigningKey } from './signing-key.js';

/** What to do with things that are often given in place of a certificate. */
const ADVICE: Readonly<Partial<Record<MaterialKind, string>>> = {
  'a PKCS#12 file': 'Convert it: openssl pkcs12 -in FILE -nokeys -out certificates.pem.',
  'a PKCS#7 file': 'Convert it: openssl pkcs7 -in FILE -print_certs -out certificates.pem.',
  'a certificate request (CSR)': 'Give the certificate that the CA made from it.',
};

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
    const found = `${source.label} ${describeLack(source, materials, 'certificate')}`;
    const advice = materials.map(({ kind }) => ADVICE[kind]).find((known) => known !== undefined);
    throw certificateError(
      'CERTIFICATE_INVALID',
      `${found}. ${advice ?? 'Give the certificate as PEM or DER.'}`,
    );
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
  const message = `The private key does not belong to a certificate in ${label} (${describeCertificates(certificates)}). Give the key that the certificate was issued for.`;
  throw new SigningError({ code: 'KEY_MISMATCH', message });
}

/**
 * Checks that one of several certificates for one key is valid; the error names the one that ends last.
 *
 * @param alternatives - one certificate, or a cross-signed intermediate with its others
 * @param where - begins the message: "The certificate in server.crt"
 * @param now - the instant to judge by
 * @throws IdentityError `CERTIFICATE_EXPIRED`, `CERTIFICATE_NOT_YET_VALID`
 */
export function checkValidity(alternatives: readonly ParsedCertificate[], where: string, now: Date): void {
  const [certificate] = alternatives.toSorted(latestFirst);
  if (certificate === undefined || alternatives.some((other) => isValidAt(other, now))) return;
  const which = `${where} (${describeCertificate(certificate)})`;
  if (now > certificate.notAfter) {
    const message = `${which} expired at ${certificate.notAfter.toISOString()}. Renew it.`;
    throw certificateError('CERTIFICATE_EXPIRED', message);
  }
  const message = `${which} is not valid before ${certificate.notBefore.toISOString()}. Wait, or set the clock of this machine right.`;
  throw certificateError('CERTIFICATE_NOT_YET_VALID', message);
}

function isValidAt({ notBefore, notAfter }: ParsedCertificate, now: Date): boolean {
  return notBefore <= now && now <= notAfter;
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
