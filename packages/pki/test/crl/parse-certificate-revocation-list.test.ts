import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  issueCertificateRevocationList,
  parseCertificateRevocationList,
  PkiError,
  REVOCATION_REASONS,
  type IssuedCertificate,
} from '../../src/index.js';
import { authority, DATES } from '../test-authorities.js';

let issuer: IssuedCertificate;
beforeAll(async () => {
  issuer = await authority('CN=Root');
});

describe('parseCertificateRevocationList', () => {
  test('reads every field', async () => {
    const { crl, crlPem } = await issueCertificateRevocationList({
      issuer,
      revoked: [
        { serialNumber: 1n },
        { serialNumber: 2n ** 159n, revocationDate: new Date('2029-01-01T00:00:00Z'), reason: 'superseded' },
      ],
      thisUpdate: DATES.notBefore,
      nextUpdate: DATES.notAfter,
      crlNumber: 300n,
    });
    expect(crl).toMatchObject({
      issuer: { text: 'CN=Root' },
      thisUpdate: DATES.notBefore,
      nextUpdate: DATES.notAfter,
      crlNumber: 300n,
      criticalExtensions: [],
      signatureAlgorithm: { name: 'ECDSA-SHA256' },
      revoked: [
        { serialNumber: 1n, revocationDate: DATES.notBefore },
        { serialNumber: 2n ** 159n, revocationDate: new Date('2029-01-01T00:00:00Z'), reason: 'superseded' },
      ],
    });
    expect(crl.authorityKeyIdentifier).toEqual(issuer.certificate.subjectKeyIdentifier);
    expect(parseCertificateRevocationList(crlPem)).toEqual(crl);
    expect(parseCertificateRevocationList(Buffer.from(crlPem))).toEqual(crl);
  });

  test('an empty list without nextUpdate', async () => {
    const { crl } = await issueCertificateRevocationList({ issuer, revoked: [], nextUpdate: 'absent' });
    expect(crl.revoked).toEqual([]);
    expect(crl).not.toHaveProperty('nextUpdate');
  });

  test('every reason comes back', async () => {
    const revoked = REVOCATION_REASONS.map((reason, index) => ({ serialNumber: BigInt(index + 1), reason }));
    const { crl } = await issueCertificateRevocationList({ issuer, revoked });
    expect(crl.revoked.map(({ reason }) => reason)).toEqual(REVOCATION_REASONS);
  });

  test('ten thousand entries', async () => {
    const revoked = Array.from({ length: 10_000 }, (_, index) => ({
      serialNumber: 10n ** 20n + BigInt(index),
    }));
    const { crl } = await issueCertificateRevocationList({ issuer, revoked });
    expect(crl.revoked).toHaveLength(10_000);
  });

  test.each([
    ['nothing', () => ''],
    ['a certificate', () => issuer.certificatePem],
    ['the DER of a certificate', () => issuer.certificate.der],
  ])('refuses %s', (_, input) => {
    expect(() => parseCertificateRevocationList(input())).toThrow(PkiError);
    expect(() => parseCertificateRevocationList(input())).toThrow(
      /not an X\.509 certificate revocation list/,
    );
  });
});
