import { EXTENSION_OID } from '../certificate/extension-oids.js';
import { readAuthorityKeyIdentifier } from '../certificate/certificate-extensions.js';
import { readExtensions, readExtensionValue, type RawExtension } from '../certificate/read-extensions.js';
import { readSignatureAlgorithm } from '../certificate/read-signature-algorithm.js';
import {
  hasContextTag,
  hasTag,
  readBitOctets,
  readCount,
  readExplicit,
  readInteger,
  readSequence,
} from '../der/der-values.js';
import { readDer, TAG, type DerNode } from '../der/read-der.js';
import { isTime, readTime } from '../der/read-time.js';
import { PkiError } from '../errors.js';
import { readDistinguishedName } from '../names/read-distinguished-name.js';
import { derInputs } from '../pem/der-inputs.js';
import type { CertificateRevocationList, RevokedCertificate } from './certificate-revocation-list.js';
import { readRevokedCertificate } from './read-revoked-certificate.js';

/** The service takes lists of at most 300,000 bytes. */
const MAXIMUM_BYTES = 1_048_576;

const LABELS = ['X509 CRL', 'CRL'] as const;

/**
 * Reads one certificate revocation list: DER, or the first `X509 CRL` block of a PEM text. Reading judges nothing.
 * Input is limited to 1 MiB of DER.
 *
 * @throws PkiError `CRL_MALFORMED`
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificateRevocationList } from '@rolesanywhere/pki';
 *
 * const crl = parseCertificateRevocationList(readFileSync('ca.crl'));
 * console.log(crl.revoked.length, crl.nextUpdate);
 * ```
 * @see RFC 5280 §5.1, RFC 7468 §6
 */
export function parseCertificateRevocationList(input: string | Uint8Array): CertificateRevocationList {
  try {
    const [der] = derInputs(input, LABELS);
    if (der === undefined) throw new Error('no revocation list');
    return readList(der);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PkiError(
      'CRL_MALFORMED',
      `This is not an X.509 certificate revocation list: ${reason}. Give one list as PEM (-----BEGIN X509 CRL-----) or DER.`,
      { cause },
    );
  }
}

function readList(der: Uint8Array): CertificateRevocationList {
  const root = readDer(der, MAXIMUM_BYTES);
  const [tbs, outerAlgorithm, signature, ...rest] = readSequence(root, 'the list');
  if (tbs === undefined || outerAlgorithm === undefined || rest.length > 0) {
    throw new Error('the list does not have three parts');
  }
  const { fields, innerAlgorithm } = readTbs(tbs);
  // RFC 5280 §5.1.1.2
  if (!Buffer.from(outerAlgorithm.der).equals(innerAlgorithm.der)) {
    throw new Error('its two signature algorithms differ');
  }
  return {
    der: root.der,
    tbs: tbs.der,
    signature: readBitOctets(signature, 'the signature'),
    signatureAlgorithm: readSignatureAlgorithm(outerAlgorithm),
    ...fields,
  };
}

function readTbs(tbs: DerNode) {
  const all = readSequence(tbs, 'the part to be signed');
  const hasVersion = hasTag(all[0], TAG.integer);
  if (hasVersion && readCount(all[0], 'the version') !== 1) throw new Error('a version other than 2');
  const [innerAlgorithm, issuer, thisUpdate, ...optional] = hasVersion ? all.slice(1) : all;
  if (innerAlgorithm === undefined) throw new Error('the part to be signed ends early');
  const { nextUpdate, entries, extensions } = optionalParts(optional);
  const revoked = entries.map(readRevokedCertificate);
  const critical = [...extensions, ...revoked.flatMap((entry) => entry.extensions)].filter((e) => e.critical);
  const fields = {
    issuer: readDistinguishedName(issuer, 'the issuer'),
    thisUpdate: readTime(thisUpdate, 'thisUpdate'),
    ...(nextUpdate === undefined ? {} : { nextUpdate: readTime(nextUpdate, 'nextUpdate') }),
    revoked: revoked.map(({ certificate }): RevokedCertificate => certificate),
    ...readListExtensions(extensions),
    criticalExtensions: [...new Set(critical.map(({ oid }) => oid))],
  };
  return { fields, innerAlgorithm };
}

function optionalParts(nodes: readonly DerNode[]) {
  const rest = [...nodes];
  const nextUpdate = isTime(rest[0]) ? rest.shift() : undefined;
  const entries = hasTag(rest[0], TAG.sequence) ? rest.shift() : undefined;
  const extensions = hasContextTag(rest[0], 0) ? rest.shift() : undefined;
  if (rest.length > 0) throw new Error('an unknown field at the end');
  return {
    nextUpdate,
    entries: entries === undefined ? [] : readSequence(entries, 'the revoked certificates'),
    extensions: extensions === undefined ? [] : readExtensions(readExplicit(extensions, 'the extensions')),
  };
}

function readListExtensions(extensions: readonly RawExtension[]) {
  const crlNumber = extensions.find(({ oid }) => oid === EXTENSION_OID.crlNumber);
  const authority = extensions.find(({ oid }) => oid === EXTENSION_OID.authorityKeyIdentifier);
  const keyIdentifier = authority && readAuthorityKeyIdentifier(readExtensionValue(authority));
  return {
    ...(crlNumber && { crlNumber: readInteger(readExtensionValue(crlNumber), 'cRLNumber') }),
    ...(keyIdentifier && { authorityKeyIdentifier: keyIdentifier }),
  };
}
