import { X509Certificate } from 'node:crypto';
import {
  type IssuedCertificate,
  type KeyAlgorithm,
  issueCertificate,
  issueCertificateAuthority,
} from '@rolesanywhere/pki';

/** An X.509-SVID as the messages of the Workload API have it. */
export interface SvidMessage {
  readonly spiffe_id: string;
  readonly x509_svid: Uint8Array;
  readonly x509_svid_key: Uint8Array;
  readonly bundle: Uint8Array;
  readonly hint?: string;
}

/** An X.509-SVID with what a test compares it with. */
export interface IssuedSvid {
  readonly message: SvidMessage;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface IssueSvidInit {
  readonly hint?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A trust domain: a root, an authority below it, and X.509-SVIDs of that. */
export interface TrustDomain {
  readonly root: IssuedCertificate;
  readonly issuer: IssuedCertificate;
  issue(spiffeId: string, init?: IssueSvidInit): Promise<IssuedSvid>;
}

export const BACKEND = 'spiffe://example.org/backend';
export const FRONTEND = 'spiffe://example.org/frontend';

export async function createTrustDomain(
  keyAlgorithm: KeyAlgorithm = { type: 'EC', curve: 'P-256' },
): Promise<TrustDomain> {
  const root = await issueCertificateAuthority({ subject: 'CN=Root, O=SPIRE', keyAlgorithm });
  const issuer = await issueCertificateAuthority({
    subject: 'CN=Agent, O=SPIRE',
    issuer: root,
    keyAlgorithm,
  });
  return {
    root,
    issuer,
    async issue(spiffeId, { hint, ...validity } = {}) {
      const subjectAlternativeName = [{ type: 'uri', value: spiffeId }] as const;
      const leaf = await issueCertificate({
        subject: 'O=SPIRE, C=US',
        issuer,
        keyAlgorithm,
        subjectAlternativeName,
        ...validity,
      });
      const message = {
        spiffe_id: spiffeId,
        x509_svid: Buffer.concat([derOf(leaf.certificatePem), derOf(issuer.certificatePem)]),
        x509_svid_key: leaf.privateKey.export({ type: 'pkcs8', format: 'der' }),
        bundle: derOf(root.certificatePem),
        ...(hint === undefined ? {} : { hint }),
      };
      return { message, certificatePem: leaf.certificatePem, privateKeyPem: leaf.privateKeyPem };
    },
  };
}

export function derOf(certificatePem: string): Buffer {
  return new X509Certificate(certificatePem).raw;
}
