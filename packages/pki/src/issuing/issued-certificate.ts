import type { KeyObject } from 'node:crypto';
import type { Certificate } from '../certificate/certificate.js';

/** A certificate with its private key. */
export interface IssuedCertificate {
  readonly certificate: Certificate;
  readonly certificatePem: string;
  readonly privateKey: KeyObject;
  /** PKCS#8 PEM, unencrypted. */
  readonly privateKeyPem: string;
}
