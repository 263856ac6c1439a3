import type { X509Identity } from '@rolesanywhere/signer';

const dayMilliseconds = 86_400_000;

/** A certificate that was made for longer than this is one whose renewal somebody has to think of: 60 days. */
const plannedLifeMilliseconds = 60 * dayMilliseconds;

const earlyMilliseconds = 30 * dayMilliseconds;

/** That a certificate ends soon. */
export interface CertificateExpiresSoon {
  readonly type: 'certificateExpiresSoon';
  /** Hexadecimal, without a prefix. */
  readonly serialNumber: string;
  /** When the certificate ends, or an intermediate above it, if that is earlier. */
  readonly expiration: Date;
  readonly remainingMilliseconds: number;
}

/**
 * Looks at the identity of a refresh.
 * @param now - the time, milliseconds since the epoch
 */
export type CertificateWatch = (identity: X509Identity, now: number) => CertificateExpiresSoon | undefined;

interface Warned {
  readonly name: string;
  /** How many of the thresholds its warnings were about. */
  readonly passed: number;
  readonly end: number;
}

/**
 * Warns when a certificate has under 30 days, and again under a tenth of its life: once each per certificate. One that is made
 * for 60 days or less is renewed late by plan, as an SVID of an hour is: for it only the tenth counts.
 */
export function createCertificateWatch(): CertificateWatch {
  let warned: readonly Warned[] = [];
  return ({ certificate, expiration }, now) => {
    const end = expiration.getTime();
    const passed = countPassed(end - now, end - certificate.notBefore.getTime());
    const serialNumber = certificate.serialNumber.toString(16);
    const name = `${certificate.issuer} ${serialNumber}`;
    const before = warned.find((other) => other.name === name)?.passed ?? 0;
    if (passed <= before) return undefined;
    // Whoever has ended is refused and not warned of, so it can be forgotten.
    warned = [...warned.filter((other) => other.name !== name && other.end > now), { name, passed, end }];
    return { type: 'certificateExpiresSoon', serialNumber, expiration, remainingMilliseconds: end - now };
  };
}

function countPassed(remaining: number, life: number): number {
  const thresholds = [life / 10, ...(life > plannedLifeMilliseconds ? [earlyMilliseconds] : [])];
  return thresholds.filter((threshold) => remaining < threshold).length;
}
