import type { X509Identity } from '@rolesanywhere/signer';
import { createCertificateWatch } from './certificate-warning.js';
import type { ProviderEvent } from './events.js';

/**
 * What is to be told about the identity of a call.
 * @param now - the time, milliseconds since the epoch
 */
export type IdentityWatch = (identity: X509Identity, now: number) => readonly ProviderEvent[];

/** Tells of certificates that end soon, and of identities that are used because there is no newer one. Never throws. */
export function createIdentityWatch(): IdentityWatch {
  const watchCertificate = createCertificateWatch();
  let times = 0;
  const newsOf: IdentityWatch = (identity, now) => {
    const { certificate, expiration, keptBecause: error } = identity;
    times = error === undefined ? 0 : times + 1;
    const warning = watchCertificate(identity, now);
    const serialNumber = certificate.serialNumber.toString(16);
    return [
      ...(times === 0 ? [] : [{ type: 'identityKept', serialNumber, expiration, error, times } as const]),
      ...(warning === undefined ? [] : [warning]),
    ];
  };
  return (identity, now) => {
    try {
      return newsOf(identity, now);
    } catch {
      // An application's own identity may lack what only warnings look at.
      return [];
    }
  };
}
