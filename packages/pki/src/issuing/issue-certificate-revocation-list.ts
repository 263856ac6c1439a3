import type { KeyObject } from 'node:crypto';
import { BitString, Enumerated } from 'asn1js';
import {
  CertificateRevocationList as PkijsList,
  Extensions,
  RevokedCertificate,
  type Extension,
} from 'pkijs';
import type { SignatureHash } from '../certificate/certificate.js';
import { EXTENSION_OID } from '../certificate/extension-oids.js';
import type { CertificateRevocationList, RevocationReason } from '../crl/certificate-revocation-list.js';
import { parseCertificateRevocationList } from '../crl/parse-certificate-revocation-list.js';
import { REASON_CODES } from '../crl/revocation-reason-codes.js';
import { pkijsName } from '../names/encode-name.js';
import { encodePem } from '../pem/pem-blocks.js';
import type { ExtensionInit } from './certificate-options.js';
import { certificateSigner, type CertificateSigner } from './certificate-signer.js';
import { encodeAuthorityKey, encodeGivenExtension, extension } from './encode-extensions.js';
import { encodeSerialNumber } from './encode-serial-number.js';
import { encodeTime } from './encode-time.js';
import type { IssuedCertificate } from './issued-certificate.js';

const VERSION_2 = 1;
const LIFETIME_MILLISECONDS = 30 * 86_400_000;

/** One certificate to be listed. */
export interface RevokedCertificateInit {
  readonly serialNumber: bigint;
  /** Default: `thisUpdate`. */
  readonly revocationDate?: Date;
  /** Default: none is written. */
  readonly reason?: RevocationReason;
}

/** Options of {@link issueCertificateRevocationList}. */
export interface IssueCertificateRevocationListInit {
  readonly issuer: IssuedCertificate;
  readonly revoked: readonly RevokedCertificateInit[];
  /** Default: now, in whole seconds. */
  readonly thisUpdate?: Date;
  /** Default: 30 days after `thisUpdate`. */
  readonly nextUpdate?: Date | 'absent';
  /** Default 1. */
  readonly crlNumber?: bigint;
  readonly hash?: SignatureHash;
  /** Further extensions of the list. */
  readonly extensions?: readonly ExtensionInit[];
  /** A fault: sign with another key than the issuer's. */
  readonly signingKey?: KeyObject;
}

/** A CRL in both forms. */
export interface IssuedCertificateRevocationList {
  readonly crl: CertificateRevocationList;
  readonly crlPem: string;
}

/**
 * Issues a certificate revocation list, version 2, with its number and the issuer's key identifier.
 *
 * @throws PkiError `INVALID_OPTION` for an option out of its limits, `ISSUING_FAILED` when the issuer's key cannot sign
 * @example
 * ```ts
 * import { issueCertificateAuthority, issueCertificateRevocationList } from '@rolesanywhere/pki';
 *
 * const issuer = await issueCertificateAuthority({ subject: 'CN=Example CA' });
 * const { crlPem } = await issueCertificateRevocationList({
 *   issuer,
 *   revoked: [{ serialNumber: 0x1234n, reason: 'keyCompromise' }],
 * });
 * console.log(crlPem);
 * ```
 * @see RFC 5280 §5
 */
export async function issueCertificateRevocationList(
  init: IssueCertificateRevocationListInit,
): Promise<IssuedCertificateRevocationList> {
  const signer = certificateSigner({
    key: init.signingKey ?? init.issuer.privateKey,
    hash: init.hash ?? 'SHA-256',
    padding: 'PKCS1',
  });
  const list = unsignedList(init, signer);
  const signature = await signer.sign(toBeSigned(list));
  list.signatureValue = new BitString({ valueHex: signature });
  const crl = parseCertificateRevocationList(new Uint8Array(list.toSchema(true).toBER()));
  return { crl, crlPem: encodePem('X509 CRL', crl.der) };
}

/** pkijs keeps the encoder of this part to itself; it is the first of three. */
function toBeSigned(list: PkijsList): Uint8Array {
  const [tbs] = list.toSchema(true).valueBlock.value;
  return new Uint8Array(tbs?.toBER() ?? []);
}

function unsignedList(init: IssueCertificateRevocationListInit, signer: CertificateSigner): PkijsList {
  const thisUpdate = init.thisUpdate ?? new Date();
  const nextUpdate = init.nextUpdate ?? new Date(thisUpdate.getTime() + LIFETIME_MILLISECONDS);
  return new PkijsList({
    version: VERSION_2,
    signature: signer.algorithm,
    signatureAlgorithm: signer.algorithm,
    issuer: pkijsName(init.issuer.certificate.subject.der),
    thisUpdate: encodeTime(thisUpdate, 'thisUpdate'),
    ...(nextUpdate === 'absent' ? {} : { nextUpdate: encodeTime(nextUpdate, 'nextUpdate') }),
    // RFC 5280 §5.1.2.6: without entries the field is absent, not empty.
    ...(init.revoked.length > 0 && {
      revokedCertificates: init.revoked.map((entry) => encodeEntry(entry, thisUpdate)),
    }),
    crlExtensions: new Extensions({ extensions: listExtensions(init) }),
  });
}

function encodeEntry(entry: RevokedCertificateInit, thisUpdate: Date): RevokedCertificate {
  const { serialNumber, revocationDate, reason } = entry;
  const code = reason && new Enumerated({ value: REASON_CODES[reason] });
  return new RevokedCertificate({
    userCertificate: encodeSerialNumber(serialNumber),
    revocationDate: encodeTime(revocationDate ?? thisUpdate, 'revocationDate'),
    ...(code && {
      crlEntryExtensions: new Extensions({ extensions: [extension(EXTENSION_OID.reasonCode, false, code)] }),
    }),
  });
}

function listExtensions({ issuer, crlNumber, extensions }: IssueCertificateRevocationListInit): Extension[] {
  const keyIdentifier = issuer.certificate.subjectKeyIdentifier;
  return [
    ...(keyIdentifier ? [encodeAuthorityKey(keyIdentifier)] : []),
    extension(EXTENSION_OID.crlNumber, false, encodeSerialNumber(crlNumber ?? 1n)),
    ...(extensions ?? []).map(encodeGivenExtension),
  ];
}
