import { describe, expect, test } from '@jest/globals';
import { judgeTrustAnchor, type IssueCertificateAuthorityInit } from '../../src/index.js';
import { AT, authority, leafOf } from '../test-authorities.js';

async function codesFor(init: Partial<IssueCertificateAuthorityInit>): Promise<string[]> {
  const { certificate } = await authority('CN=Root', init);
  return judgeTrustAnchor(certificate, AT).map(({ code }) => code);
}

describe('judgeTrustAnchor', () => {
  test('a root and an intermediate as they should be have no findings', async () => {
    const root = await authority('CN=Root', { keyAlgorithm: { type: 'RSA' } });
    const intermediate = await authority('CN=Intermediate', { issuer: root });
    expect(judgeTrustAnchor(root.certificate, AT)).toEqual([]);
    expect(judgeTrustAnchor(intermediate.certificate, AT)).toEqual([]);
  });

  const FAULTS: readonly (readonly [string, Partial<IssueCertificateAuthorityInit>, string])[] = [
    ['version 1', { version: 1 }, 'NOT_VERSION_3'],
    ['CA:FALSE', { basicConstraints: { ca: false } }, 'NOT_A_CA'],
    ['no basic constraints', { basicConstraints: 'absent' }, 'NOT_A_CA'],
    ['no key usage', { keyUsage: 'absent' }, 'KEY_CERT_SIGN_MISSING'],
    ['key usage without keyCertSign', { keyUsage: ['cRLSign'] }, 'KEY_CERT_SIGN_MISSING'],
    ['SHA-1', { hash: 'SHA-1' }, 'SIGNATURE_HASH_WEAK'],
    ['RSA of 1024 bits', { keyAlgorithm: { type: 'RSA', modulusLength: 1024 } }, 'KEY_TOO_SMALL'],
    ['secp256k1', { keyAlgorithm: { type: 'EC', curve: 'secp256k1' } }, 'CURVE_UNSUPPORTED'],
    ['RSA-PSS', { keyAlgorithm: { type: 'RSA-PSS' } }, 'KEY_TYPE_UNSUPPORTED'],
    ['an old end', { notBefore: new Date(0), notAfter: new Date(1e12) }, 'CERTIFICATE_EXPIRED'],
    [
      'a late beginning',
      { notBefore: new Date(2e12), notAfter: new Date(3e12) },
      'CERTIFICATE_NOT_YET_VALID',
    ],
    ['a serial number of 21 octets', { serialNumber: 2n ** 160n }, 'SERIAL_NUMBER_TOO_LONG'],
    [
      'an unknown critical extension',
      { extensions: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] },
      'CRITICAL_EXTENSION_UNKNOWN',
    ],
  ];
  test.each(FAULTS)('%s', async (_, init, code) => {
    const { keyAlgorithm = { type: 'EC' } as const } = init;
    expect(await codesFor({ ...init, keyAlgorithm })).toEqual([code]);
  });

  test('a leaf is not one', async () => {
    const leaf = await leafOf(await authority('CN=Root'));
    expect(judgeTrustAnchor(leaf.certificate, AT).map(({ code }) => code)).toEqual([
      'NOT_A_CA',
      'KEY_CERT_SIGN_MISSING',
    ]);
  });
});
