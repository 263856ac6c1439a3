import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { BitString } from 'asn1js';
import { Certificate as PkijsCertificate, PublicKeyInfo } from 'pkijs';
import type { KeyUsage } from '../certificate/certificate.js';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { PkiError } from '../errors.js';
import { encodeName, pkijsName } from '../names/encode-name.js';
import { encodePem } from '../pem/pem-blocks.js';
import type { BasicConstraintsInit, CertificateOptions } from './certificate-options.js';
import { certificateSigner, type CertificateSigner } from './certificate-signer.js';
import { createPrivateKey } from './create-private-key.js';
import { encodeExtensions } from './encode-extensions.js';
import { encodeSerialNumber, randomSerialNumber } from './encode-serial-number.js';
import { encodeTime } from './encode-time.js';
import type { IssuedCertificate } from './issued-certificate.js';

/** In what a CA and a leaf differ. */
export interface CertificateKind {
  /** Absent: self-signed. */
  readonly issuer?: IssuedCertificate | undefined;
  readonly basicConstraints: BasicConstraintsInit;
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly string[];
  readonly lifetimeDays: number;
}

const DAY_MILLISECONDS = 86_400_000;

/** Issues one certificate. @throws PkiError `INVALID_OPTION`, `ISSUING_FAILED` */
export async function issue(options: CertificateOptions, kind: CertificateKind): Promise<IssuedCertificate> {
  const privateKey = await subjectKey(options);
  const signer = certificateSigner({
    key: options.signingKey ?? kind.issuer?.privateKey ?? privateKey,
    hash: options.hash ?? 'SHA-256',
    padding: options.padding ?? 'PKCS1',
  });
  const unsigned = unsignedCertificate({ options, kind, signer, spki: spkiOf(privateKey) });
  const certificate = parseCertificate(await signed(unsigned, signer, options.signature ?? 'valid'));
  return {
    certificate,
    certificatePem: encodePem('CERTIFICATE', certificate.der),
    privateKey,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

async function subjectKey({ privateKey, keyAlgorithm }: CertificateOptions): Promise<KeyObject> {
  if (privateKey !== undefined && keyAlgorithm !== undefined) {
    throw new PkiError('INVALID_OPTION', 'Give privateKey or keyAlgorithm, not both.');
  }
  if (privateKey !== undefined && privateKey.type !== 'private') {
    throw new PkiError('INVALID_OPTION', `privateKey is a ${privateKey.type} key: give a private one.`);
  }
  return privateKey ?? createPrivateKey(keyAlgorithm ?? { type: 'RSA' });
}

function spkiOf(privateKey: KeyObject): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
}

function unsignedCertificate(parts: {
  readonly options: CertificateOptions;
  readonly kind: CertificateKind;
  readonly signer: CertificateSigner;
  readonly spki: Uint8Array<ArrayBuffer>;
}): PkijsCertificate {
  const { options, kind, signer, spki } = parts;
  const subject = encodeName(options.subject);
  const issuer =
    options.issuerName === undefined ? kind.issuer?.certificate.subject.der : encodeName(options.issuerName);
  const notBefore = options.notBefore ?? new Date();
  const notAfter = options.notAfter ?? new Date(notBefore.getTime() + kind.lifetimeDays * DAY_MILLISECONDS);
  const certificate = new PkijsCertificate({
    version: (options.version ?? 3) - 1,
    serialNumber: encodeSerialNumber(options.serialNumber ?? randomSerialNumber()),
    signature: signer.algorithm,
    signatureAlgorithm: signer.algorithm,
    issuer: pkijsName(issuer ?? subject),
    notBefore: encodeTime(notBefore, 'notBefore'),
    notAfter: encodeTime(notAfter, 'notAfter'),
    subject: pkijsName(subject),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(spki),
  });
  if (options.version !== 1) certificate.extensions = extensionsOf({ options, kind, spki, subject });
  return certificate;
}

function extensionsOf(parts: {
  readonly options: CertificateOptions;
  readonly kind: CertificateKind;
  readonly spki: Uint8Array<ArrayBuffer>;
  readonly subject: Uint8Array;
}) {
  const { options, kind, spki, subject } = parts;
  const ownKey = keyIdentifier(spki);
  const authorityKey = kind.issuer === undefined ? ownKey : kind.issuer.certificate.subjectKeyIdentifier;
  return encodeExtensions(options, {
    basicConstraints: kind.basicConstraints,
    keyUsage: kind.keyUsage,
    extendedKeyUsage: kind.extendedKeyUsage,
    subjectKeyIdentifier: ownKey,
    authorityKeyIdentifier: authorityKey,
    hasEmptySubject: subject.length === 2,
  });
}

/** SHA-1 of the key's bits. It names the key and protects nothing. @see RFC 5280 §4.2.1.2 (1) */
function keyIdentifier(spki: Uint8Array<ArrayBuffer>): Uint8Array {
  const key = PublicKeyInfo.fromBER(spki).subjectPublicKey.valueBlock.valueHexView;
  return createHash('sha1').update(key).digest();
}

async function signed(
  certificate: PkijsCertificate,
  signer: CertificateSigner,
  outcome: 'valid' | 'corrupted',
): Promise<Uint8Array> {
  const signature = Uint8Array.from(await signer.sign(new Uint8Array(certificate.encodeTBS().toBER())));
  // The last bit of an RSA block or of an ECDSA s: still well formed, no longer true.
  if (outcome === 'corrupted') signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  certificate.signatureValue = new BitString({ valueHex: signature });
  return new Uint8Array(certificate.toSchema(true).toBER());
}
