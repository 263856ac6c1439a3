import { afterAll, describe, expect, test } from '@jest/globals';
import { issueCertificateRevocationList, type KeyAlgorithm, type SignatureHash } from '../../src/index.js';
import { AT, authority, DATES, leafOf } from '../test-authorities.js';
import { hasOpenssl, openWorkshop } from './openssl.js';

const workshop = openWorkshop();
afterAll(() => workshop.remove());

const AT_SECONDS = String(AT.getTime() / 1000);

const KEYS: readonly (readonly [KeyAlgorithm, SignatureHash])[] = [
  [{ type: 'RSA' }, 'SHA-256'],
  [{ type: 'RSA', modulusLength: 3072 }, 'SHA-384'],
  [{ type: 'EC' }, 'SHA-256'],
  [{ type: 'EC', curve: 'P-384' }, 'SHA-384'],
  [{ type: 'EC', curve: 'P-521' }, 'SHA-512'],
  [{ type: 'RSA-PSS' }, 'SHA-256'],
  [{ type: 'Ed25519' }, 'SHA-256'],
];

(hasOpenssl() ? describe : describe.skip)('openssl verifies what is issued here', () => {
  test.each(KEYS)('a root, an intermediate, a leaf and a list with %j and %s', async (keyAlgorithm, hash) => {
    const root = await authority('CN=Root, O=Ñandú', { keyAlgorithm, hash });
    const intermediate = await authority('CN=Intermediate', {
      issuer: root,
      keyAlgorithm,
      hash,
      pathLength: 0,
    });
    const leaf = await leafOf(intermediate, {
      keyAlgorithm,
      hash,
      serialNumber: 2n ** 159n + 3n,
      subjectAlternativeName: [
        { type: 'dns', value: 'host.example.com' },
        { type: 'ip', value: '2001:db8::1' },
      ],
    });
    const dates = { thisUpdate: DATES.notBefore, nextUpdate: DATES.notAfter };
    const good = await issueCertificateRevocationList({
      issuer: intermediate,
      revoked: [{ serialNumber: 1n }],
      ...dates,
    });
    const bad = await issueCertificateRevocationList({
      issuer: intermediate,
      revoked: [{ serialNumber: leaf.certificate.serialNumber, reason: 'keyCompromise' }],
      ...dates,
    });
    const files = {
      root: workshop.write('root.pem', root.certificatePem),
      intermediate: workshop.write('intermediate.pem', intermediate.certificatePem),
      leaf: workshop.write('leaf.pem', leaf.certificatePem),
      good: workshop.write('good.crl', good.crlPem),
      bad: workshop.write('bad.crl', bad.crlPem),
    };
    const chain = [
      '-x509_strict',
      '-attime',
      AT_SECONDS,
      '-trusted',
      files.root,
      '-untrusted',
      files.intermediate,
    ];
    const verify = (...options: string[]) => workshop.tryOpenssl('verify', ...chain, ...options, files.leaf);
    expect(verify()).toEqual({ ok: true, output: `${files.leaf}: OK\n` });
    expect(verify('-purpose', 'sslclient', '-verify_hostname', 'host.example.com').ok).toBe(true);
    expect(verify('-crl_check', '-CRLfile', files.good)).toEqual({
      ok: true,
      output: `${files.leaf}: OK\n`,
    });
    expect(verify('-crl_check', '-CRLfile', files.bad).output).toContain('certificate revoked');
  });

  test('a private key belongs to its certificate', async () => {
    const { certificatePem, privateKeyPem } = await leafOf(await authority('CN=Root'));
    const certificate = workshop.write('pair.pem', certificatePem);
    const key = workshop.write('pair.key', privateKeyPem);
    const fromCertificate = workshop.openssl('x509', '-in', certificate, '-noout', '-pubkey');
    expect(workshop.openssl('pkey', '-in', key, '-pubout')).toBe(fromCertificate);
  });

  test('openssl prints every part of a certificate as it was asked for', async () => {
    const root = await authority('CN=Root', { pathLength: 1 });
    const leaf = await leafOf(root, {
      subject: [
        { type: 'C', value: 'ES' },
        { type: 'O', value: 'a, "b"' },
        [
          { type: 'OU', value: 'x' },
          { type: 'UID', value: 'y' },
        ],
        { type: 'emailAddress', value: 'u@example.com' },
      ],
      serialNumber: 0x80n,
      subjectAlternativeName: [
        { type: 'uri', value: 'spiffe://example.com/a' },
        { type: 'directoryName', value: 'CN=alias, O=Example' },
      ],
      nameConstraints: {
        permitted: [{ type: 'ip', value: '10.0.0.0/8' }],
        excluded: [{ type: 'dns', value: 'x.org' }],
      },
    });
    const file = workshop.write('printed.pem', leaf.certificatePem);
    const text = workshop.openssl('x509', '-in', file, '-noout', '-text', '-nameopt', 'RFC2253');
    for (const line of [
      'Version: 3 (0x2)',
      'Serial Number: 128 (0x80)',
      'Signature Algorithm: ecdsa-with-SHA256',
      String.raw`Subject: emailAddress=u@example.com,UID=y+OU=x,O=a\, \"b\",C=ES`,
      'X509v3 Basic Constraints: critical',
      'X509v3 Key Usage: critical',
      'TLS Web Client Authentication',
      'URI:spiffe://example.com/a, DirName:O = Example, CN = alias',
      'IP:10.0.0.0/255.0.0.0',
      'DNS:x.org',
    ]) {
      expect(text.replaceAll('DirName:/O=Example/CN=alias', 'DirName:O = Example, CN = alias')).toContain(
        line,
      );
    }
    expect(text).toContain(leaf.certificate.subject.text);
  });
});
