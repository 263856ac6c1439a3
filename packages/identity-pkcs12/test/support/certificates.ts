import {
  issueCertificate,
  issueCertificateAuthority,
  type IssuedCertificate,
  type KeyAlgorithm,
} from '@rolesanywhere/pki';

/** A root, an intermediate below it, and leaves of the intermediate. */
export interface Hierarchy {
  readonly root: IssuedCertificate;
  readonly issuer: IssuedCertificate;
  leaf(subject: string): Promise<IssuedCertificate>;
}

export async function createHierarchy(
  keyAlgorithm: KeyAlgorithm = { type: 'EC', curve: 'P-256' },
): Promise<Hierarchy> {
  const root = await issueCertificateAuthority({ subject: 'CN=Root', keyAlgorithm });
  const issuer = await issueCertificateAuthority({ subject: 'CN=Issuing', issuer: root, keyAlgorithm });
  return { root, issuer, leaf: (subject) => issueCertificate({ subject, issuer, keyAlgorithm }) };
}

export function pkcs8Of({ privateKey }: IssuedCertificate): Buffer {
  return privateKey.export({ type: 'pkcs8', format: 'der' });
}

export function derOf({ certificate }: IssuedCertificate): Uint8Array {
  return certificate.der;
}
