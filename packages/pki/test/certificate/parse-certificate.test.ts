import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  certificateToPem,
  parseCertificate,
  parseCertificates,
  PkiError,
  type IssuedCertificate,
} from '../../src/index.js';
import { authority, DATES, leafOf } from '../test-authorities.js';

let root: IssuedCertificate;
let leaf: IssuedCertificate;

beforeAll(async () => {
  root = await authority('CN=Root, O=Example', {
    pathLength: 2,
    nameConstraints: {
      permitted: [{ type: 'dns', value: 'example.com' }],
      excluded: [{ type: 'ip', value: '192.0.2.0/24' }],
    },
  });
  leaf = await leafOf(root, {
    serialNumber: 2n ** 159n + 7n,
    keyUsage: ['digitalSignature', 'keyAgreement', 'decipherOnly'],
    extendedKeyUsage: ['clientAuth', '1.2.3.4'],
    subjectAlternativeName: [
      { type: 'dns', value: 'host.example.com' },
      { type: 'uri', value: 'spiffe://example.com/service' },
      { type: 'email', value: 'user@example.com' },
      { type: 'ip', value: '2001:db8::1' },
      { type: 'directoryName', value: 'CN=alias, O=Example' },
      { type: 'registeredId', value: '1.2.3' },
    ],
    notAfter: new Date('2055-01-01T00:00:00Z'),
  });
});

/** The leaf with octets replaced, found by their hex. */
function bent(from: string, to: string): Uint8Array {
  const hex = Buffer.from(leaf.certificate.der).toString('hex');
  expect(hex.split(from).length).toBeGreaterThan(1);
  return Buffer.from(hex.replaceAll(from, to), 'hex');
}

describe('parseCertificate', () => {
  test('reads every field', () => {
    expect(leaf.certificate).toMatchObject({
      version: 3,
      serialNumber: 2n ** 159n + 7n,
      subject: { text: 'CN=server,O=Example' },
      issuer: { text: 'CN=Root,O=Example' },
      notBefore: DATES.notBefore,
      notAfter: new Date('2055-01-01T00:00:00Z'),
      publicKey: { algorithm: 'EC', curve: 'P-256', oid: '1.2.840.10045.2.1' },
      signatureAlgorithm: { oid: '1.2.840.10045.4.3.2', name: 'ECDSA-SHA256', hash: 'SHA-256' },
      basicConstraints: { critical: true, ca: false },
      keyUsage: { critical: true, usages: ['digitalSignature', 'keyAgreement', 'decipherOnly'] },
      extendedKeyUsage: { critical: false, purposes: ['1.3.6.1.5.5.7.3.2', '1.2.3.4'] },
      criticalExtensions: ['2.5.29.19', '2.5.29.15'],
      extensions: ['2.5.29.19', '2.5.29.15', '2.5.29.37', '2.5.29.14', '2.5.29.35', '2.5.29.17'],
    });
    expect(leaf.certificate.authorityKeyIdentifier).toEqual(root.certificate.subjectKeyIdentifier);
  });

  test('reads alternative names in order', () => {
    expect(leaf.certificate.subjectAlternativeName.map(({ type, value }) => `${type}:${value}`)).toEqual([
      'dns:host.example.com',
      'uri:spiffe://example.com/service',
      'email:user@example.com',
      'ip:2001:db8::1',
      'directoryName:CN=alias,O=Example',
      'other:88022a03',
    ]);
  });

  test('reads name constraints and path length', () => {
    expect(root.certificate.basicConstraints).toEqual({ critical: true, ca: true, pathLength: 2 });
    expect(root.certificate.nameConstraints).toEqual({
      critical: true,
      permitted: [{ base: { type: 'dns', value: 'example.com' }, hasDistance: false }],
      excluded: [{ base: { type: 'ip', value: '192.0.2.0/255.255.255.0' }, hasDistance: false }],
    });
  });

  test('agrees with node:crypto', () => {
    const theirs = new X509Certificate(leaf.certificatePem);
    expect(BigInt(`0x${theirs.serialNumber}`)).toBe(leaf.certificate.serialNumber);
    expect(theirs.subject.split('\n').toReversed().join(',')).toBe(leaf.certificate.subject.text);
    expect(theirs.verify(new X509Certificate(root.certificatePem).publicKey)).toBe(true);
    expect(theirs.publicKey.export({ type: 'spki', format: 'der' })).toEqual(
      Buffer.from(leaf.certificate.publicKey.spki),
    );
    expect(new Date(theirs.validTo)).toEqual(leaf.certificate.notAfter);
  });

  test.each([
    ['PEM text', () => leaf.certificatePem],
    ['PEM bytes', () => Buffer.from(leaf.certificatePem)],
    ['DER', () => leaf.certificate.der],
    [
      'text before and after, and carriage returns',
      () => `a note\r\n${leaf.certificatePem.replaceAll('\n', '\r\n')}the end`,
    ],
    ['an older label', () => leaf.certificatePem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['a private key in front', () => `${leaf.privateKeyPem}${leaf.certificatePem}`],
    ['the first of two blocks', () => `${leaf.certificatePem}${root.certificatePem}`],
  ])('takes %s', (_, input) => {
    expect(parseCertificate(input())).toEqual(leaf.certificate);
  });

  test.each([
    ['nothing', () => ''],
    ['no bytes', () => new Uint8Array()],
    ['a private key', () => leaf.privateKeyPem],
    ['a trailing byte', () => Buffer.concat([leaf.certificate.der, Buffer.of(0)])],
    ['a missing byte', () => leaf.certificate.der.subarray(0, -1)],
    ['two certificates in DER', () => Buffer.concat([leaf.certificate.der, root.certificate.der])],
    ['more than 64 KiB', () => Buffer.concat([Buffer.of(0x30, 0x83, 1, 0, 0), Buffer.alloc(65_536)])],
    ['an extension that appears twice', () => bent('0603551d23', '0603551d0e')],
    ['a month 13', () => bent('3330303130313030303030305a', '3330313330313030303030305a')],
    ['a version 4', () => bent('a003020102', 'a003020103')],
    ['extensions in a version 2', () => bent('a003020102', 'a003020101')],
    [
      'two different signature algorithms',
      () => {
        const der = Buffer.from(leaf.certificate.der);
        const last = der.lastIndexOf(Buffer.from('06082a8648ce3d040302', 'hex'));
        der[last + 9] = 3;
        return der;
      },
    ],
  ])('refuses %s', (_, input) => {
    expect(() => parseCertificate(input())).toThrow(
      expect.objectContaining({ code: 'CERTIFICATE_MALFORMED', name: 'PkiError' }),
    );
  });

  test('the error says what, why and what to give, and keeps the cause', () => {
    const error = errorOf(() => parseCertificate('hello'));
    expect(error.message).toBe(
      'This is not an X.509 certificate: no PEM block "CERTIFICATE" and not DER. Give one certificate as PEM (-----BEGIN CERTIFICATE-----) or DER.',
    );
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('a change of the input afterwards does not reach the certificate', () => {
    const input = Uint8Array.from(leaf.certificate.der);
    const certificate = parseCertificate(input);
    input.fill(0);
    expect(certificate).toEqual(leaf.certificate);
  });
});

describe('parseCertificates and certificateToPem', () => {
  test('every certificate block is read, in order, keys passed over', () => {
    const text = `${root.certificatePem}${leaf.privateKeyPem}${leaf.certificatePem}`;
    expect(parseCertificates(text)).toEqual([root.certificate, leaf.certificate]);
  });

  test('one broken block refuses the whole text, and so does none', () => {
    const broken = leaf.certificatePem.replace('MII', 'AAA');
    expect(() => parseCertificates(root.certificatePem + broken)).toThrow(PkiError);
    expect(() => parseCertificates('')).toThrow(PkiError);
  });

  test('PEM is written from a certificate and from DER alike', () => {
    expect(certificateToPem(leaf.certificate)).toBe(leaf.certificatePem);
    expect(certificateToPem(leaf.certificate.der)).toBe(leaf.certificatePem);
  });
});

function errorOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
