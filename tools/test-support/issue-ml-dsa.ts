/** For tests: certificates of ML-DSA keys, also on a Node.js whose OpenSSL has none. */
import { X509Certificate, randomBytes, sign } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { issueCertificate, type IssuedCertificate } from '@rolesanywhere/pki';

export type MlDsaParameterSet = 44 | 65 | 87;

/** Last octet of the OIDs below 2.16.840.1.101.3.4.3. @see RFC 9881 section 3 */
const ARCS = { 44: 0x11, 65: 0x12, 87: 0x13 } as const;
const LIBRARIES = { 44: ml_dsa44, 65: ml_dsa65, 87: ml_dsa87 } as const;

/** Among the parts of a TBSCertificate of version 3. @see RFC 5280 section 4.1 */
const SPKI_INDEX = 6;

export interface IssueMlDsaInit {
  readonly subject: string;
  /** With an EC key, which signs the certificate. */
  readonly issuer: IssuedCertificate;
  readonly parameterSet: MlDsaParameterSet;
}

/** A certificate as `issueCertificate` makes it, but for an ML-DSA key; the key is PKCS#8 with its seed. */
export async function issueMlDsaCertificate(
  init: IssueMlDsaInit,
): Promise<{ readonly certificatePem: string; readonly privateKeyPem: string }> {
  const { subject, issuer, parameterSet } = init;
  const seed = randomBytes(32);
  const { publicKey } = LIBRARIES[parameterSet].keygen(seed);
  const { certificatePem } = await issueCertificate({ subject, issuer, keyAlgorithm: { type: 'EC' } });
  const [body, algorithm] = childrenOf(new X509Certificate(certificatePem).raw);
  if (body === undefined || algorithm === undefined) throw new Error('a certificate has three parts');
  const spki = der(0x30, algorithmOf(parameterSet), der(0x03, Uint8Array.of(0), publicKey));
  const signed = der(0x30, ...childrenOf(body).map((part, index) => (index === SPKI_INDEX ? spki : part)));
  const signature = sign('sha256', signed, issuer.privateKey);
  const privateKey = der(0x80, seed);
  return {
    certificatePem: pem('CERTIFICATE', der(0x30, signed, algorithm, der(0x03, Uint8Array.of(0), signature))),
    privateKeyPem: pem(
      'PRIVATE KEY',
      der(0x30, Uint8Array.of(2, 1, 0), algorithmOf(parameterSet), der(0x04, privateKey)),
    ),
  };
}

function algorithmOf(parameterSet: MlDsaParameterSet): Uint8Array {
  return der(0x30, der(0x06, Uint8Array.of(0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, ARCS[parameterSet])));
}

function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from(header), bytes]);
}

/** The elements inside one, each with its header. Lengths have up to two octets here. */
function childrenOf(element: Uint8Array): readonly Uint8Array[] {
  const children: Uint8Array[] = [];
  for (let at = headerOf(element).octets; at < element.length;) {
    const { octets, length } = headerOf(element.subarray(at));
    children.push(element.subarray(at, at + octets + length));
    at += octets + length;
  }
  return children;
}

function headerOf(element: Uint8Array): { readonly octets: number; readonly length: number } {
  const [, first = 0, second = 0, third = 0] = element;
  if (first < 0x80) return { octets: 2, length: first };
  return first === 0x81 ? { octets: 3, length: second } : { octets: 4, length: second * 256 + third };
}

function pem(label: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
