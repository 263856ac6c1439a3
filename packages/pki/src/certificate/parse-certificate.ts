import {
  hasContextTag,
  readBitOctets,
  readCount,
  readExplicit,
  readInteger,
  readSequence,
} from '../der/der-values.js';
import { readDer, type DerNode } from '../der/read-der.js';
import { readTime } from '../der/read-time.js';
import { PkiError } from '../errors.js';
import { readDistinguishedName } from '../names/read-distinguished-name.js';
import { derInputs } from '../pem/der-inputs.js';
import type { Certificate } from './certificate.js';
import { readCertificateExtensions } from './read-certificate-extensions.js';
import { readPublicKey } from './read-public-key.js';
import { readSignatureAlgorithm } from './read-signature-algorithm.js';

/** An ML-DSA-87 certificate has 7.5 KB; 64 KiB leaves room for a thousand alternative names. */
const MAXIMUM_BYTES = 65_536;

const LABELS = ['CERTIFICATE', 'X509 CERTIFICATE'] as const;

/**
 * Reads one certificate: DER, or the first CERTIFICATE block of a PEM text.
 * Reading judges nothing: an expired or forged certificate is read like any other. What is refused is what is
 * not a certificate: trailing bytes, an extension that appears twice, a known extension that is malformed, dates
 * that do not exist. Input is limited to 64 KiB of DER.
 *
 * @throws PkiError `CERTIFICATE_MALFORMED`
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseCertificate } from '@rolesanywhere/pki';
 *
 * const certificate = parseCertificate(readFileSync('server.crt'));
 * console.log(certificate.subject.text, certificate.serialNumber);
 * ```
 * @see RFC 5280 §4.1, RFC 7468 §5
 */
export function parseCertificate(input: string | Uint8Array): Certificate {
  return reading(() => {
    const [der] = derInputs(input, LABELS);
    if (der === undefined) throw new Error('no certificate');
    return readCertificate(der);
  });
}

/**
 * Reads every CERTIFICATE block of a PEM text, in order; DER bytes count as one certificate.
 *
 * @throws PkiError `CERTIFICATE_MALFORMED` when one block is malformed, or there is none
 * @see RFC 7468 §5
 */
export function parseCertificates(pem: string | Uint8Array): Certificate[] {
  return reading(() => derInputs(pem, LABELS).map(readCertificate));
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PkiError(
      'CERTIFICATE_MALFORMED',
      `This is not an X.509 certificate: ${reason}. Give one certificate as PEM (-----BEGIN CERTIFICATE-----) or DER.`,
      { cause },
    );
  }
}

function readCertificate(der: Uint8Array): Certificate {
  const root = readDer(der, MAXIMUM_BYTES);
  const [tbs, outerAlgorithm, signature, ...rest] = readSequence(root, 'the certificate');
  if (tbs === undefined || outerAlgorithm === undefined || rest.length > 0) {
    throw new Error('the certificate does not have three parts');
  }
  const { fields, innerAlgorithm } = readTbs(tbs);
  // RFC 5280 §4.1.1.2: both must say the same, or the signature covers another algorithm than the one used.
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
  const parts = readSequence(tbs, 'the part to be signed');
  const version = hasContextTag(parts[0], 0) ? readVersion(parts[0]) : 1;
  const [serialNumber, innerAlgorithm, issuer, validity, subject, publicKey, ...optional] = hasContextTag(
    parts[0],
    0,
  )
    ? parts.slice(1)
    : parts;
  if (innerAlgorithm === undefined) throw new Error('the part to be signed ends early');
  const [notBefore, notAfter] = readSequence(validity, 'the validity');
  const fields = {
    version,
    serialNumber: readInteger(serialNumber, 'the serial number'),
    issuer: readDistinguishedName(issuer, 'the issuer'),
    notBefore: readTime(notBefore, 'notBefore'),
    notAfter: readTime(notAfter, 'notAfter'),
    subject: readDistinguishedName(subject, 'the subject'),
    publicKey: readPublicKey(publicKey),
    ...readCertificateExtensions(extensionsField(optional, version)),
  };
  return { fields, innerAlgorithm };
}

function readVersion(node: DerNode): number {
  const version = readCount(readExplicit(node, 'the version'), 'the version') + 1;
  if (version > 3) throw new Error(`version ${version} does not exist`);
  return version;
}

/** issuerUniqueID [1] and subjectUniqueID [2] are passed over; extensions are [3], and of version 3 only. */
function extensionsField(optional: readonly DerNode[], version: number): DerNode | undefined {
  let lastTag = 0;
  for (const node of optional) {
    const tag = [1, 2, 3].find((tagNumber) => hasContextTag(node, tagNumber));
    if (tag === undefined || tag <= lastTag) throw new Error('an unknown field follows the public key');
    lastTag = tag;
  }
  const field = optional.find((node) => hasContextTag(node, 3));
  if (field === undefined) return undefined;
  if (version !== 3) throw new Error(`a version ${version} certificate has extensions`);
  return readExplicit(field, 'the extensions');
}
