import { issueCertificate, type IssuedCertificate } from '@rolesanywhere/pki';
import { fromPem, type X509Identity } from '@rolesanywhere/signer';

/** A certificate and its key on a disk that somebody writes to. */
export interface RotatingIdentity {
  /** Reads what is there now. */
  read(): Promise<X509Identity>;
  /** Puts the next pair in place. */
  rotate(): void;
  /** Leaves it half-done: text that ends too early, key and certificate of two pairs, or a certificate that has expired. */
  spoil(how: (typeof spoilings)[number]): void;
}

export const spoilings = ['half-written', 'mixed', 'expired', 'missing'] as const;

/** Pairs of one authority, used one after the other. */
export async function createRotatingIdentity(authority: IssuedCertificate): Promise<RotatingIdentity> {
  const lifetime = { notBefore: new Date('2026-01-01'), notAfter: new Date('2046-01-01') };
  const issue = (validity: { notBefore: Date; notAfter: Date }): Promise<IssuedCertificate> =>
    issueCertificate({
      subject: 'CN=server',
      issuer: authority,
      keyAlgorithm: { type: 'EC' },
      ...validity,
    });
  const pairs = await Promise.all([1, 2, 3, 4].map(() => issue(lifetime)));
  const old = await issue({ notBefore: new Date('2026-01-01'), notAfter: new Date('2026-02-01') });
  let index = 0;
  const pairAt = (place: number): { certificate: string; privateKey: string } => {
    const pair = pairs[place % pairs.length];
    if (pair === undefined) throw new Error('There is no pair.');
    return { certificate: pair.certificatePem, privateKey: pair.privateKeyPem };
  };
  let current = pairAt(0);
  return {
    read: () => fromPem(current)(),
    rotate: () => {
      index += 1;
      current = pairAt(index);
    },
    spoil: (how) => {
      const { certificate, privateKey } = pairAt(index);
      current = {
        'half-written': { certificate: certificate.slice(0, certificate.length / 2), privateKey },
        mixed: { certificate: pairAt(index + 1).certificate, privateKey },
        expired: { certificate: old.certificatePem, privateKey: old.privateKeyPem },
        missing: { certificate: '', privateKey: '' },
      }[how];
    },
  };
}
