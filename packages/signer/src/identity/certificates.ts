import { IdentityError, type IdentityErrorCode, SigningError } from '../errors.js';
import { platform } from '#platform';
import {
  type ParsedCertificate,
  describeCertificate,
  describeCertificates,
  parseCertificate,
} from '../x509/certificate.js';
import type { IssuerCheck } from '../x509/issuer-check.js';
import { nextTurn } from '../next-turn.js';
import {
  type Material,
  type MaterialKind,
  type Source,
  describeDamage,
  describeLack,
  readMaterial,
} from './key-material.js';
import type { SigningKey } from './signing-key.js';

/** A chain has five. More than the roots of a small store are no chain. */
const MAXIMUM_CERTIFICATES = 128;
const CERTIFICATES_PER_TURN = 16;

/** What to do with things that are often given in place of a certificate. */
const ADVICE: Readonly<Partial<Record<MaterialKind, string>>> = {
  'a PKCS#12 file': 'Convert it: openssl pkcs12 -in FILE -nokeys -out certificates.pem.',
  'a PKCS#7 file': 'Convert it: openssl pkcs7 -in FILE -print_certs -out certificates.pem.',
  'a certificate request (CSR)': 'Give the certificate that the CA made from it.',
};

/**
 * Every certificate in a source, in the order found; at least one.
 *
 * @throws IdentityError `CERTIFICATE_INVALID`, `KEY_UNSUPPORTED`; `CHAIN_INVALID` for more than any chain has
 */
export async function readCertificates(source: Source): Promise<readonly ParsedCertificate[]> {
  let materials: Material[];
  try {
    materials = readMaterial(source);
  } catch (cause) {
    const message = `The certificate in ${source.label} ${describeDamage(cause)}`;
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
  return parseAll(withoutRepetitions(certificates), source.label);
}

function withoutRepetitions(certificates: readonly Material[]): readonly Uint8Array[] {
  const byContent = new Map(certificates.map(({ block: { der } }) => [platform.toBase64(der), der]));
  return [...byContent.values()];
}

/** In pieces, since a file may hold the roots of all the world. */
async function parseAll(ders: readonly Uint8Array[], label: string): Promise<readonly ParsedCertificate[]> {
  if (ders.length > MAXIMUM_CERTIFICATES) {
    const message = `${label} holds ${ders.length} certificates, more than the ${MAXIMUM_CERTIFICATES} that are looked at. Keep the certificate, and those that connect it to the trust anchor.`;
    throw certificateError('CHAIN_INVALID', message);
  }
  const certificates: ParsedCertificate[] = [];
  for (const der of ders) {
    if (certificates.length % CERTIFICATES_PER_TURN === CERTIFICATES_PER_TURN - 1) await nextTurn();
    certificates.push(await parseCertificate(der, label));
  }
  return certificates;
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
  check: IssuerCheck,
): Promise<ParsedCertificate> {
  const { publicKey } = key;
  const candidates =
    publicKey === undefined
      ? await issuersOfNone(certificates, check)
      : certificates.filter((certificate) => platform.isSamePublicKey(certificate.publicKey, publicKey));
  const [leaf] = publicKey === undefined ? candidates : candidates.toSorted(latestFirst);
  if (leaf !== undefined && algorithmOf(leaf) === key.algorithm) return leaf;
  const message = `The private key does not belong to a certificate in ${check.label} (${describeCertificates(certificates)}). Give the key that the certificate was issued for.`;
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

async function issuersOfNone(
  certificates: readonly ParsedCertificate[],
  check: IssuerCheck,
): Promise<ParsedCertificate[]> {
  const leaves: ParsedCertificate[] = [];
  for (const certificate of certificates) {
    const others = certificates.filter((other) => other.base64 !== certificate.base64);
    const issued = await Promise.all(others.map((other) => check.isIssuedBy(other, certificate)));
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
